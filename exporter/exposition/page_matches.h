#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exporter/exposition/page_shape.h"

namespace netstack {

// Where the texts of a page repeat earlier ones: what a compressor spends its time to find, found
// once. A match lies in one segment and repeats bytes of one segment, so it holds for every page
// of the shape; only its distance has to be computed anew.
class PageMatches {
 public:
  struct Token {
    std::uint32_t length = 0;
    std::uint32_t source_segment = 0;  // kLiteral: no match, `length` bytes as they are.
    std::uint32_t source_offset = 0;   // In the source segment.
  };
  static constexpr std::uint32_t kLiteral = UINT32_MAX;

  // Costs some milliseconds for a page of 200 kB.
  void Find(const PageShape& shape);
  void Clear() { tokens_.clear(), ends_.clear(); }

  bool empty() const { return ends_.empty(); }
  // What segment number `segment` is made of, in order.
  std::span<const Token> TokensOf(std::size_t segment) const {
    const std::uint32_t begin = segment == 0 ? 0 : ends_[segment - 1];
    return std::span(tokens_).subspan(begin, ends_[segment] - begin);
  }

 private:
  class Finder;
  std::vector<Token> tokens_;
  std::vector<std::uint32_t> ends_;  // For each segment, its end in tokens_.
};

}  // namespace netstack
