#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace netstack {

// Cuts kernel text into lines and words without copying. All views point into the text given.

// Takes the next line off `rest`, without its newline. False at the end of the text.
bool NextLine(std::string_view& rest, std::string_view& line);

// Takes the next word off `rest`, separated by blanks and tabs. False when none is left.
bool NextWord(std::string_view& rest, std::string_view& word);

// The text without blanks, tabs and newlines at both ends.
std::string_view Trimmed(std::string_view text);

// Whole-word numbers; nullopt for anything else, signs and overflow included.
std::optional<std::uint64_t> ParseDecimal(std::string_view word);
std::optional<std::uint64_t> ParseHex(std::string_view word);
std::optional<std::int64_t> ParseSigned(std::string_view word);

}  // namespace netstack
