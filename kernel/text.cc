#include "kernel/text.h"

#include <charconv>

namespace netstack {
namespace {

template <class T>
std::optional<T> ParseWhole(std::string_view word, int base) {
  T value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  if (error != std::errc() || end != word.data() + word.size() || word.empty()) {
    return std::nullopt;
  }
  return value;
}

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

bool IsSpace(char c) {
  return IsBlank(c) || c == '\n' || c == '\r';
}

// So many always fit into 64 bits.
constexpr std::size_t kDigitsThatFit = 19;

}  // namespace

bool NextLine(std::string_view& rest, std::string_view& line) {
  if (rest.empty()) return false;
  const std::size_t end = rest.find('\n');
  line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return true;
}

bool NextWord(std::string_view& rest, std::string_view& word) {
  std::size_t begin = 0;
  while (begin < rest.size() && IsBlank(rest[begin])) ++begin;
  std::size_t end = begin;
  while (end < rest.size() && !IsBlank(rest[end])) ++end;
  word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return !word.empty();
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// Most of what is read is numbers, and from_chars takes two to three times as long.
std::optional<std::uint64_t> ParseDecimal(std::string_view word) {
  if (word.empty() || word.size() > kDigitsThatFit) return ParseWhole<std::uint64_t>(word, 10);
  std::uint64_t value = 0;
  for (const char c : word) {
    const unsigned digit = static_cast<unsigned>(c) - '0';
    if (digit > 9) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

std::optional<std::uint64_t> ParseHex(std::string_view word) {
  return ParseWhole<std::uint64_t>(word, 16);
}

std::optional<std::int64_t> ParseSigned(std::string_view word) {
  return ParseWhole<std::int64_t>(word, 10);
}

}  // namespace netstack
