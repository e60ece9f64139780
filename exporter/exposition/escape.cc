#include "exporter/exposition/escape.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "exporter/exposition/utf8.h"

namespace netstack {
namespace {

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0; c < 0x80; ++c) plain[c] = c != '"' && c != '\\' && c != '\n';
  return plain;
}();

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x8080808080808080;

// The high bit of the lowest byte that is `c`; bytes above it may be flagged wrongly.
constexpr std::uint64_t Has(std::uint64_t eight, char c) {
  const std::uint64_t zero = eight ^ (kOnes * static_cast<std::uint8_t>(c));
  return (zero - kOnes) & ~zero & kHighBits;
}

// kPlain for eight bytes at once.
bool ArePlain(const char* at) {
  std::uint64_t eight;
  std::memcpy(&eight, at, sizeof eight);
  return ((eight & kHighBits) | Has(eight, '"') | Has(eight, '\\') | Has(eight, '\n')) == 0;
}

void AppendEscaped(std::string_view text, bool escape_quote, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (static_cast<std::uint8_t>(c) >= 0x80) {
      const std::size_t length = Utf8Length(text, at);
      out += length == 0 ? kReplacementCharacter : text.substr(at, length);
      at += std::max<std::size_t>(length, 1);
      continue;
    }
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || (c == '"' && escape_quote)) out += '\\';
      out += c;
    }
    ++at;
  }
}

}  // namespace

bool IsPlain(std::string_view value) {
  while (value.size() >= sizeof(std::uint64_t)) {
    if (!ArePlain(value.data())) return false;
    value.remove_prefix(sizeof(std::uint64_t));
  }
  for (const char c : value) {
    if (!kPlain[static_cast<std::uint8_t>(c)]) return false;
  }
  return true;
}

void AppendLabelValue(std::string_view value, std::string& out) {
  AppendEscaped(value, true, out);
}

void AppendHelp(std::string_view help, PageFormat format, std::string& out) {
  AppendEscaped(help, format == PageFormat::kOpenMetrics, out);
}

void AppendBound(std::string_view bound, std::string& out) {
  // Whole numbers of seven digits and more are spelled with an exponent ("1e+06").
  constexpr std::size_t kMaxWholeDigits = 6;
  if (bound.find_first_not_of("0123456789") != std::string_view::npos || bound.empty()) {
    AppendLabelValue(bound, out);
  } else if (bound.size() <= kMaxWholeDigits) {
    out.append(bound).append(".0");
  } else {
    double value = 0;
    std::from_chars(bound.data(), bound.data() + bound.size(), value);
    std::array<char, 32> text;
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific);
    out.append(text.data(), end.ptr);
  }
}

}  // namespace netstack
