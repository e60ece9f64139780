#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace netstack {

// The character at the front of a text. Overlong forms, surrogates and values above U+10FFFF are
// not valid UTF-8.
struct Utf8Character {
  char32_t value = 0;      // Meaningless when not valid.
  std::size_t length = 1;  // Bytes; 1 when not valid.
  bool valid = false;
};

// `text` must not be empty.
Utf8Character FirstUtf8Character(std::string_view text);

// Whether a terminal or a log reader may take it for a command or for the end of the line: C0, DEL,
// C1, and the separators U+2028 and U+2029.
bool IsControlCharacter(char32_t c);

// `text` with control characters and bytes that are not UTF-8 shown as \xNN or \uNNNN.
std::string Printable(std::string_view text);

}  // namespace netstack
