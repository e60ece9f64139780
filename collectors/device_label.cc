#include "collectors/device_label.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace netstack {
namespace {

std::uint32_t ByteAt(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// Length of the UTF-8 sequence that `text` begins with; 0 if it begins with none, or with the
// backslash that escapes begin with.
std::size_t SequenceLength(std::string_view text) {
  const std::uint32_t first = ByteAt(text, 0);
  if (first < 0x80) return first == '\\' ? 0 : 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  std::uint32_t code = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((ByteAt(text, i) & 0xc0) != 0x80) return 0;
    code = (code << 6) | (ByteAt(text, i) & 0x3f);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < kSmallest[length] || code > 0x10ffff || surrogate ? 0 : length;
}

}  // namespace

std::string DeviceLabel(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const std::size_t length = SequenceLength(name);
    if (length > 0) {
      out += name.substr(0, length);
      name.remove_prefix(length);
      continue;
    }
    std::array<char, 5> escaped;
    std::snprintf(escaped.data(), escaped.size(), "\\x%02x", ByteAt(name, 0));
    out += escaped.data();
    name.remove_prefix(1);
  }
  return out;
}

bool IsPathPart(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

}  // namespace netstack
