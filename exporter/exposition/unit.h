#pragma once

#include <string_view>

#include "model/family.h"

namespace netstack {

// The name under which OpenMetrics knows a family: without the suffix that its type implies
// ("_total" of a counter, "_info" of an info).
std::string_view OpenMetricsName(const Family& family);

// The unit a family's name ends in ("seconds", "bytes", "packets"...), or empty.
std::string_view UnitOf(const Family& family);

}  // namespace netstack
