#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "kernel/result.h"

namespace netstack::process {

// The soft limits of a process; nullopt is unlimited.
struct Limits {
  std::optional<std::uint64_t> open_files;
  std::optional<std::uint64_t> address_space_bytes;
  bool operator==(const Limits&) const = default;
};

// Parses /proc/PID/limits, rows by name. After an error the content of `out` is unspecified.
Status ParseLimits(std::string_view text, Limits& out);

}  // namespace netstack::process
