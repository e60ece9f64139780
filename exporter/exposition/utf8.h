#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace netstack {

// U+FFFD, which stands for a byte that is not part of any character.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// Bytes of the character that begins at `at`, or 0 if there is none: stray or missing continuation,
// overlong form, surrogate, beyond U+10FFFF.
std::size_t Utf8Length(std::string_view text, std::size_t at);

// `text` with each invalid byte replaced.
std::string ToUtf8(std::string_view text);

}  // namespace netstack
