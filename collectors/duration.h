#pragma once

#include <chrono>
#include <string_view>

#include "kernel/result.h"

namespace netstack {

// Reads a duration as Go writes it: "10s", "1m30s", "1.5h", "250ms", "0". Units are ns, us, ms, s,
// m and h. There is no sign: nothing here can be told to wait a negative time. The error is
// kInvalid and quotes the text.
Result<std::chrono::nanoseconds> ParseDuration(std::string_view text);

}  // namespace netstack
