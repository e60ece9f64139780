#pragma once

#include <cstdint>
#include <string_view>

#include "kernel/result.h"

namespace netstack::process {

// What /proc/PID/stat says of a process.
struct SelfStat {
  std::uint64_t user_ticks = 0;      // Field 14, in clock ticks (sysconf _SC_CLK_TCK).
  std::uint64_t system_ticks = 0;    // Field 15, in clock ticks.
  std::uint64_t threads = 0;         // Field 20.
  std::uint64_t start_ticks = 0;     // Field 22, clock ticks from boot to its start.
  std::uint64_t virtual_bytes = 0;   // Field 23.
  std::uint64_t resident_pages = 0;  // Field 24, in pages.
  bool operator==(const SelfStat&) const = default;
};

// Parses /proc/PID/stat. The name in parentheses may hold blanks and parentheses; fields after the
// 24th are not read. After an error the content of `out` is unspecified.
Status ParseSelfStat(std::string_view text, SelfStat& out);

}  // namespace netstack::process
