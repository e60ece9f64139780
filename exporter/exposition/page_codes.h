#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "exporter/exposition/bit_writer.h"
#include "exporter/exposition/page_matches.h"

namespace netstack {

// The codes of a page's segments, kept from page to page. A distance changes only where a number
// between a text and what it repeats got longer or shorter; all other codes are those of the page
// before. Allocates in Prepare only.
class PageCodes {
 public:
  // For pages whose segments are made of `matches`, which must outlive the codes.
  void Prepare(const PageMatches& matches, std::size_t segments);

  // Brings the codes up to date with a page whose segments begin at `starts`.
  void Update(std::string_view page, const std::vector<std::uint32_t>& starts);

  void Put(std::size_t segment, BitWriter& out) const {
    const Segment& of = segments_[segment];
    const std::uint64_t* word = words_.data() + of.words;
    for (std::uint32_t left = of.full; left > 0; --left) out.Put(*word++, kWordBits);
    out.Put(*word, of.rest);
  }

 private:
  static constexpr std::uint32_t kWordBits = 56;  // As many as BitWriter takes at a time.
  struct Segment {
    std::uint32_t words = 0;          // Position in words_, of as many as the longest codes need.
    std::uint32_t oldest_source = 0;  // The earliest segment that it repeats a part of.
    std::uint32_t full = 0;           // Words that are full; one follows that has `rest` bits.
    std::uint32_t rest = 0;
  };
  void Encode(std::size_t segment, std::string_view page, const std::vector<std::uint32_t>& starts);
  void Append(Segment& segment, DeflateCode code);

  const PageMatches* matches_ = nullptr;
  std::vector<Segment> segments_;
  std::vector<std::uint64_t> words_;
  std::vector<std::uint32_t> starts_;  // Of the page before.
};

}  // namespace netstack
