#pragma once

#include <cstdint>
#include <string_view>

#include "kernel/result.h"

namespace netstack::process {

// When the host booted, in seconds since 1970: the row btime of /proc/stat.
Result<std::uint64_t> ParseBootTime(std::string_view proc_stat);

}  // namespace netstack::process
