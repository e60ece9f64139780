#pragma once

#include <cstddef>

#include "model/samples.h"

namespace netstack {

// Room that FormatNumber needs.
inline constexpr std::size_t kNumberSize = 32;

// Writes a sample's value at `at` and returns the end. Integers are exact; doubles have the fewest
// digits that read back as the same number, and no exponent while they are whole and below 2^53.
// NaN, +Inf and -Inf are spelled as both formats want them.
char* FormatNumber(Number value, char* at);

}  // namespace netstack
