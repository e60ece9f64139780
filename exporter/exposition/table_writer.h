#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/exposition/format.h"
#include "model/family.h"
#include "model/samples.h"

namespace netstack {

class Chunk;

// Writes the samples of one table of families as text. Everything that does not change (HELP and
// TYPE, escaped; names and label names) is made once, so a line costs some copies and a number.
//
// A family appears only if it has a visible sample. A label with an empty value is left out. A
// distribution over live objects (kGaugeHistogram) is an untyped x_bucket in the text format, with
// gauges x_gsum and x_gcount: the same series as in OpenMetrics. So are buckets' bounds.
// OpenMetrics names counters and infos without their suffix; where x is a family of the same table,
// x_info is a gauge there and x_total of unknown type.
//
// Const calls may run in parallel.
class TableWriter {
 public:
  // `families` must outlive the object.
  TableWriter(std::span<const Family> families, PageFormat format);

  // Appends all families. `samples` must have been made for the same table. Allocates only when
  // `out` has to grow.
  void Append(const Samples& samples, std::string& out) const;

  // Appends families()[index] alone; kWithout: below a head that is there already. True if
  // anything was written.
  enum class Head : std::uint8_t { kWith, kWithout };
  bool AppendFamily(const Samples& samples, std::size_t index, std::string& out,
                    Head head = Head::kWith) const;

  std::span<const Family> families() const { return families_; }

 private:
  // A part of text_.
  struct Piece {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  // How lines of one kind begin.
  struct Line {
    Piece bare;                // name and a blank, when there is no label.
    std::uint32_t labels = 0;  // Position in pieces_: name{label=" for each label, then "le".
  };
  // Samples that stand together below one HELP and TYPE.
  struct Block {
    std::uint32_t parts = 0;  // Bit set of Part.
    Piece head;
    std::array<Line, 4> lines;  // By Part.
  };
  struct Layout {
    std::uint32_t first_block = 0;
    std::uint32_t block_count = 0;
    std::uint32_t next_labels = 0;  // Position in pieces_: ",label=" for each label, then "le".
    std::uint32_t label_count = 0;
  };
  struct BlockPlan;

  Piece Keep(std::string_view text);
  Layout MakeLayout(const Family& family);
  Block MakeBlock(const Family& family, const BlockPlan& plan);
  Line MakeLine(const Family& family, std::string_view name, bool bucket);
  std::string_view View(Piece piece) const { return {text_.data() + piece.begin, piece.size}; }
  void PutLine(const Layout& layout, const Line& line, const Samples::View& sample,
               Chunk& chunk) const;

  std::span<const Family> families_;
  PageFormat format_;
  std::string text_;
  std::vector<Piece> pieces_;
  std::vector<Block> blocks_;
  std::vector<Layout> layouts_;  // One for each family.
};

}  // namespace netstack
