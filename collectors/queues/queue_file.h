#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/result.h"

namespace netstack::queues {

// How the kernel writes a number of a queue.
enum class Format : std::uint8_t {
  kDecimal,
  kInflight,  // Decimal; a difference of two counters that are read apart.
  kMask,      // Groups of hexadecimal digits, "00000000,00000003"; the number is that of set bits.
};

// `path` is for the error.
Result<std::uint64_t> ParseQueueFile(std::string_view text, std::string_view path, Format format);

// The CPUs of a mask that ParseQueueFile() takes, as the kernel writes lists: "0-3,8".
std::string CpusOf(std::string_view mask);

}  // namespace netstack::queues
