#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/record/queue_log.h"

namespace netstack {

enum class RecordFormat : std::uint8_t { kCsv, kJson };

// What all rows of an interval share.
struct RecordMoment {
  std::chrono::system_clock::time_point time;  // The end of the interval.
  std::string_view method;                     // "measured" each time data is queued, or "sampled".
  std::uint64_t lost_samples = 0;              // Samples of the interval that could not be taken.
  std::uint64_t lost_events = 0;               // Times data was queued that no row tells of.
};

// The names of the columns, as a line; empty for JSON lines.
std::string_view RecordHead(RecordFormat format);

// Appends a row as a line. Times are UTC with milliseconds.
void AppendRecordRow(RecordFormat format, const RecordMoment& moment, const QueueRow& row,
                     std::string& out);

}  // namespace netstack
