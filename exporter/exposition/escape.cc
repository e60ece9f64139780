#include "exporter/exposition/escape.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace netstack {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD.

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0; c < 0x80; ++c) plain[c] = c != '"' && c != '\\' && c != '\n';
  return plain;
}();

constexpr std::uint8_t Byte(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0;
}

// Bytes of the UTF-8 sequence that begins at `at` (not ASCII), or 0 if it is not valid: stray or
// missing continuation, overlong, surrogate, beyond U+10FFFF.
std::size_t SequenceLength(std::string_view text, std::size_t at) {
  const std::uint8_t lead = Byte(text, at);
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((Byte(text, at + i) & 0xC0) != 0x80) return 0;
  }
  const std::uint8_t second = Byte(text, at + 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool no_character = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || no_character ? 0 : length;
}

void AppendEscaped(std::string_view text, bool escape_quote, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (static_cast<std::uint8_t>(c) >= 0x80) {
      const std::size_t length = SequenceLength(text, at);
      out += length == 0 ? kReplacement : text.substr(at, length);
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
