#include "exporter/exposition/page_matches.h"

#include <algorithm>
#include <cstring>

#include "exporter/exposition/deflate_code.h"

namespace netstack {
namespace {

constexpr std::uint32_t kMinLength = 4;  // Three bytes cost less as literals.
constexpr std::uint32_t kHashBits = 15;
constexpr std::uint32_t kMaxCandidates = 16;
// Numbers grow, and with them distances. A match that then reaches too far is written as literals.
constexpr std::uint32_t kMaxDistance = kDeflateWindow - 2048;
constexpr std::uint32_t kNowhere = UINT32_MAX;

std::uint32_t Hash(const char* at) {
  std::uint32_t bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return (bytes * 2654435761u) >> (32 - kHashBits);
}

}  // namespace

// The segments' bytes by the hash of the next four.
class PageMatches::Finder {
 public:
  explicit Finder(const PageShape& shape)
      : shape_(shape),
        text_(shape.page().data()),
        last_(std::size_t{1} << kHashBits, kNowhere),
        before_(shape.page().size(), kNowhere),
        segment_of_(shape.page().size(), 0) {}

  // The longest match for the bytes from `at` to `end`; length 0: none.
  Token Longest(std::uint32_t at, std::uint32_t end) const {
    Token best;
    if (end - at < kMinLength) return best;
    std::uint32_t candidate = last_[Hash(text_ + at)];
    for (std::uint32_t i = 0; i < kMaxCandidates && candidate != kNowhere; ++i) {
      if (at - candidate > kMaxDistance) break;
      const PageShape::Segment& source = shape_.segments()[segment_of_[candidate]];
      const std::uint32_t limit = std::min(
          {end - at, source.begin + source.size - candidate, at - candidate, kMaxDeflateLength});
      std::uint32_t length = 0;
      while (length < limit && text_[candidate + length] == text_[at + length]) ++length;
      if (length > best.length) {
        best = {.length = length,
                .source_segment = segment_of_[candidate],
                .source_offset = candidate - source.begin};
      }
      candidate = before_[candidate];
    }
    return best.length < kMinLength ? Token{} : best;
  }

  void Insert(std::uint32_t at, std::uint32_t end, std::uint32_t segment) {
    segment_of_[at] = segment;
    if (end - at < kMinLength) return;
    std::uint32_t& last = last_[Hash(text_ + at)];
    before_[at] = last;
    last = at;
  }

 private:
  const PageShape& shape_;
  const char* text_;
  std::vector<std::uint32_t> last_;    // By hash: the last place.
  std::vector<std::uint32_t> before_;  // By place: the place before it with the same hash.
  std::vector<std::uint32_t> segment_of_;
};

void PageMatches::Find(const PageShape& shape) {
  Clear();
  Finder finder(shape);
  for (std::uint32_t segment = 0; segment < shape.segments().size(); ++segment) {
    const std::size_t first_token = tokens_.size();
    std::uint32_t at = shape.segments()[segment].begin;
    const std::uint32_t end = at + shape.segments()[segment].size;
    while (at < end) {
      Token token = finder.Longest(at, end);
      if (token.length == 0) token = {.length = 1, .source_segment = kLiteral, .source_offset = 0};
      for (std::uint32_t i = 0; i < token.length; ++i) finder.Insert(at++, end, segment);
      const bool extends = token.source_segment == kLiteral && tokens_.size() > first_token &&
                           tokens_.back().source_segment == kLiteral;
      if (extends) {
        ++tokens_.back().length;
      } else {
        tokens_.push_back(token);
      }
    }
    ends_.push_back(static_cast<std::uint32_t>(tokens_.size()));
  }
  tokens_.shrink_to_fit();
}

}  // namespace netstack
