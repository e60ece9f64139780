#include "exporter/exposition/table_writer.h"

#include <algorithm>

#include "exporter/exposition/chunk.h"
#include "exporter/exposition/escape.h"
#include "exporter/exposition/number.h"
#include "exporter/exposition/unit.h"

namespace netstack {
namespace {

constexpr std::uint32_t Bit(Part part) {
  return 1u << static_cast<std::uint32_t>(part);
}
constexpr std::uint32_t kAllParts =
    Bit(Part::kValue) | Bit(Part::kBucket) | Bit(Part::kSum) | Bit(Part::kCount);

// What follows the family's name in a line, by Part.
using Suffixes = std::array<std::string_view, 4>;
constexpr Suffixes kHistogramSuffixes = {"", "_bucket", "_sum", "_count"};
constexpr Suffixes kGaugeHistogramSuffixes = {"", "_bucket", "_gsum", "_gcount"};

const Suffixes& SuffixesOf(MetricType type) {
  return type == MetricType::kGaugeHistogram ? kGaugeHistogramSuffixes : kHistogramSuffixes;
}

std::string_view TextType(MetricType type) {
  // Text 0.0.4 has no info.
  return Slug(type == MetricType::kInfo ? MetricType::kGauge : type);
}

// True if OpenMetrics would know another family of the table by the same name: x_info beside x.
bool HasNamesake(const Family& family, std::span<const Family> families) {
  if (OpenMetricsName(family) == family.name) return false;
  return std::any_of(families.begin(), families.end(), [&](const Family& other) {
    return &other != &family && OpenMetricsName(other) == OpenMetricsName(family);
  });
}

// A family keeps its whole name beside a namesake, under a type that allows any.
std::string_view TypeBesideNamesake(MetricType type) {
  return type == MetricType::kInfo ? Slug(MetricType::kGauge) : "unknown";
}

}  // namespace

// The name and type that a block's head gives, and which lines stand below it.
struct TableWriter::BlockPlan {
  std::string name;
  std::string_view type;
  std::uint32_t parts;
};

TableWriter::TableWriter(std::span<const Family> families, PageFormat format)
    : families_(families), format_(format) {
  layouts_.reserve(families.size());
  for (const Family& family : families) layouts_.push_back(MakeLayout(family));
  text_.shrink_to_fit();
  pieces_.shrink_to_fit();
  blocks_.shrink_to_fit();
}

TableWriter::Piece TableWriter::Keep(std::string_view text) {
  const auto begin = static_cast<std::uint32_t>(text_.size());
  text_ += text;
  return {.begin = begin, .size = static_cast<std::uint32_t>(text.size())};
}

TableWriter::Layout TableWriter::MakeLayout(const Family& family) {
  std::vector<BlockPlan> plans;
  const std::string name(family.name);
  if (format_ == PageFormat::kOpenMetrics && HasNamesake(family, families_)) {
    plans.push_back({name, TypeBesideNamesake(family.type), kAllParts});
  } else if (format_ == PageFormat::kOpenMetrics) {
    plans.push_back({std::string(OpenMetricsName(family)), Slug(family.type), kAllParts});
  } else if (family.type == MetricType::kGaugeHistogram) {
    plans.push_back({name + "_bucket", "untyped", Bit(Part::kBucket)});
    plans.push_back({name + "_gsum", "gauge", Bit(Part::kSum)});
    plans.push_back({name + "_gcount", "gauge", Bit(Part::kCount)});
  } else {
    plans.push_back({name, TextType(family.type), kAllParts});
  }
  Layout layout{.first_block = static_cast<std::uint32_t>(blocks_.size()),
                .block_count = static_cast<std::uint32_t>(plans.size()),
                .next_labels = static_cast<std::uint32_t>(pieces_.size()),
                .label_count = static_cast<std::uint32_t>(family.label_count())};
  for (std::size_t i = 0; i < family.label_count(); ++i) {
    pieces_.push_back(Keep("\"," + std::string(family.labels[i]) + "=\""));
  }
  pieces_.push_back(Keep("\",le=\""));
  for (const BlockPlan& plan : plans) blocks_.push_back(MakeBlock(family, plan));
  return layout;
}

TableWriter::Block TableWriter::MakeBlock(const Family& family, const BlockPlan& plan) {
  std::string head = "# HELP " + plan.name + " ";
  AppendHelp(family.help, format_, head);
  head += "\n# TYPE " + plan.name + " " + std::string(plan.type) + "\n";
  if (const std::string_view unit = UnitOf(family);
      format_ == PageFormat::kOpenMetrics && !unit.empty() && plan.name.ends_with(unit)) {
    head += "# UNIT " + plan.name + " " + std::string(unit) + "\n";
  }
  Block block{.parts = plan.parts, .head = Keep(head), .lines = {}};
  const bool histogram =
      family.type == MetricType::kHistogram || family.type == MetricType::kGaugeHistogram;
  for (const Part part : {Part::kValue, Part::kBucket, Part::kSum, Part::kCount}) {
    const bool used = (plan.parts & Bit(part)) != 0 && (part != Part::kValue) == histogram;
    if (!used) continue;
    const auto index = static_cast<std::size_t>(part);
    block.lines[index] =
        MakeLine(family, std::string(family.name) + std::string(SuffixesOf(family.type)[index]),
                 part == Part::kBucket);
  }
  return block;
}

TableWriter::Line TableWriter::MakeLine(const Family& family, std::string_view name, bool bucket) {
  const std::string begin(name);
  Line line{.bare = Keep(begin + " "), .labels = static_cast<std::uint32_t>(pieces_.size())};
  for (std::size_t i = 0; i < family.label_count(); ++i) {
    pieces_.push_back(Keep(begin + "{" + std::string(family.labels[i]) + "=\""));
  }
  if (bucket) pieces_.push_back(Keep(begin + "{le=\""));
  return line;
}

void TableWriter::Append(const Samples& samples, std::string& out) const {
  for (std::size_t i = 0; i < layouts_.size(); ++i) AppendFamily(samples, i, out);
}

bool TableWriter::AppendFamily(const Samples& samples, std::size_t index, std::string& out,
                               Head head) const {
  if (!samples.Has(index)) return false;
  const Layout& layout = layouts_[index];
  Chunk chunk(out);
  bool written = false;
  for (std::uint32_t i = 0; i < layout.block_count; ++i) {
    const Block& block = blocks_[layout.first_block + i];
    bool has_head = head == Head::kWithout;
    samples.ForEach(index, [&](const Samples::View& sample) {
      const Line& line = block.lines[static_cast<std::size_t>(sample.part())];
      const bool here = (block.parts & Bit(sample.part())) != 0 && line.bare.size != 0;
      if (!here || !IsPrinted(sample.visibility())) return;
      if (!has_head) chunk.Put(View(block.head));
      has_head = true;
      written = true;
      PutLine(layout, line, sample, chunk);
    });
  }
  chunk.Flush();
  return written;
}

void TableWriter::PutLine(const Layout& layout, const Line& line, const Samples::View& sample,
                          Chunk& chunk) const {
  const Piece* const first = pieces_.data() + line.labels;
  const Piece* const next = pieces_.data() + layout.next_labels;
  const bool bucket = sample.part() == Part::kBucket;
  const std::size_t bound = bucket ? layout.label_count : SIZE_MAX;
  bool open = false;
  sample.ForEachLabel([&](std::size_t label, std::string_view value) {
    if (value.empty()) return;
    chunk.Put(View(open ? next[label] : first[label]));
    open = true;
    if (label == bound) {
      AppendBound(value, chunk.Flush());
    } else if (IsPlain(value)) {
      chunk.Put(value);
    } else {
      AppendLabelValue(value, chunk.Flush());
    }
  });
  chunk.Put(open ? std::string_view("\"} ") : View(line.bare));
  char* const number = chunk.Reserve(kNumberSize + 1);
  char* end = FormatNumber(sample.value(), number);
  *end++ = '\n';
  chunk.Advance(end);
}

}  // namespace netstack
