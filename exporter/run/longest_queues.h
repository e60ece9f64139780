#pragma once

#include <vector>

#include "collectors/offenders.h"
#include "exporter/doctor/report.h"

namespace netstack {

// For the doctor's report: the few of each direction that have anything queued, the longest first.
std::vector<LongQueue> LongestQueues(const OffenderReport& report);

}  // namespace netstack
