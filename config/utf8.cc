#include "config/utf8.h"

#include <cstdio>

namespace netstack {
namespace {

// What the first byte of a character of `length` bytes looks like, and the least value for which
// that length may be used.
struct Utf8Form {
  unsigned char mask;
  unsigned char lead;
  std::size_t length;
  char32_t least;
};

constexpr Utf8Form kForms[] = {
    {0x80, 0x00, 1, 0},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
};

}  // namespace

Utf8Character FirstUtf8Character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  for (const Utf8Form& form : kForms) {
    if ((first & form.mask) != form.lead) continue;
    if (text.size() < form.length) return {};
    char32_t value = first & static_cast<unsigned char>(~form.mask);
    for (std::size_t i = 1; i < form.length; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte & 0xc0) != 0x80) return {};
      value = (value << 6) | (byte & 0x3f);
    }
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < form.least || value > 0x10ffff || surrogate) return {};
    return {.value = value, .length = form.length, .valid = true};
  }
  return {};
}

bool IsControlCharacter(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Utf8Character c = FirstUtf8Character(text);
    if (c.valid && !IsControlCharacter(c.value)) {
      out += text.substr(0, c.length);
    } else {
      const bool as_byte = !c.valid || c.value < 0x80;
      const unsigned value = as_byte ? static_cast<unsigned char>(text.front()) : c.value;
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, as_byte ? "\\x%02x" : "\\u%04x", value & 0xffffU);
      out += escaped;
    }
    text.remove_prefix(c.length);
  }
  return out;
}

}  // namespace netstack
