#include "exporter/exposition/page_codes.h"

#include <algorithm>

#include "exporter/exposition/deflate_code.h"

namespace netstack {
namespace {

constexpr std::uint32_t kLongestLiteral = 9;
// A length of 8 bits and 5 extra bits, a distance of 5 and 13; or literals instead.
constexpr std::uint32_t kLongestMatch = 31;

constexpr std::array<DeflateCode, kMaxDeflateLength + 1> kLengthCodes = [] {
  std::array<DeflateCode, kMaxDeflateLength + 1> codes;
  for (std::uint32_t i = 3; i < codes.size(); ++i) codes[i] = CodeOfLength(i);
  return codes;
}();

bool IsMatch(const PageMatches::Token& token) {
  return token.source_segment != PageMatches::kLiteral;
}

}  // namespace

void PageCodes::Prepare(const PageMatches& matches, std::size_t segments) {
  matches_ = &matches;
  segments_.assign(segments, {});
  starts_.clear();
  starts_.reserve(segments);
  std::uint32_t words = 0;
  for (std::size_t i = 0; i < segments; ++i) {
    std::uint32_t bits = 0;
    std::uint32_t oldest = static_cast<std::uint32_t>(i);
    for (const PageMatches::Token& token : matches.TokensOf(i)) {
      bits += std::max(kLongestMatch, kLongestLiteral * token.length);
      if (IsMatch(token)) oldest = std::min(oldest, token.source_segment);
    }
    segments_[i] = {.words = words, .oldest_source = oldest};
    words += bits / kWordBits + 1;
  }
  words_.assign(words, 0);
}

void PageCodes::Update(std::string_view page, const std::vector<std::uint32_t>& starts) {
  // By how much a segment moved since the page before, and the first of those that moved with it.
  std::uint32_t moved = 0;
  std::uint32_t moved_since = 0;
  const bool all = starts_.size() != starts.size();
  for (std::uint32_t i = 0; i < starts.size(); ++i) {
    if (!all && starts[i] - starts_[i] != moved) {
      moved = starts[i] - starts_[i];
      moved_since = i;
    }
    if (all || segments_[i].oldest_source < moved_since) Encode(i, page, starts);
  }
  starts_.assign(starts.begin(), starts.end());
}

void PageCodes::Encode(std::size_t index, std::string_view page,
                       const std::vector<std::uint32_t>& starts) {
  Segment& segment = segments_[index];
  segment.full = segment.rest = 0;
  words_[segment.words] = 0;
  std::uint32_t at = starts[index];
  for (const PageMatches::Token& token : matches_->TokensOf(index)) {
    const std::uint32_t distance =
        IsMatch(token) ? at - starts[token.source_segment] - token.source_offset : UINT32_MAX;
    if (distance <= kDeflateWindow) {
      Append(segment, kLengthCodes[token.length]);
      Append(segment, CodeOfDistance(distance));
    } else {
      for (const char c : page.substr(at, token.length)) Append(segment, CodeOfLiteral(c));
    }
    at += token.length;
  }
}

void PageCodes::Append(Segment& segment, DeflateCode code) {
  std::uint64_t* const word = words_.data() + segment.words + segment.full;
  const std::uint64_t bits = code.bits;
  *word = (*word | bits << segment.rest) & ((std::uint64_t{1} << kWordBits) - 1);
  segment.rest += code.size;
  if (segment.rest < kWordBits) return;
  segment.rest -= kWordBits;
  ++segment.full;
  word[1] = bits >> (code.size - segment.rest);
}

}  // namespace netstack
