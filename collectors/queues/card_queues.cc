#include "collectors/queues/card_queues.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kernel/text.h"

namespace netstack::queues {
namespace {

constexpr double kMilli = 1e-3;
constexpr double kNano = 1e-9;

// The collector counts on limits right behind depths, and stalls right behind their threshold.
constexpr auto kTransmitRows = std::to_array<FileRow>({
    {"byte_queue_limits/inflight", kInflight, Format::kInflight, 1, true},
    {"byte_queue_limits/limit", kLimit, Format::kDecimal, 1, true},
    {"byte_queue_limits/limit_min", kLimitMin},
    {"byte_queue_limits/limit_max", kLimitMax},
    {"byte_queue_limits/hold_time", kHoldTime, Format::kDecimal, kMilli},
    {"byte_queue_limits/stall_thrs", kStallThreshold, Format::kDecimal, kMilli},
    {"byte_queue_limits/stall_cnt", kStalls, Format::kDecimal, 1, true},
    {"byte_queue_limits/stall_max", kStallMax, Format::kDecimal, 1, true, true},
    {"tx_timeout", kTimeouts, Format::kDecimal, 1, true},
    {"xps_cpus", kXpsCpus, Format::kMask},
});
constexpr auto kReceiveRows = std::to_array<FileRow>({
    {"rps_cpus", kRpsCpus, Format::kMask},
    {"rps_flow_cnt", kRpsFlows},
});
constexpr auto kDeviceRows = std::to_array<FileRow>({
    {"threaded", kThreaded},
    {"gro_flush_timeout", kGroFlushTimeout, Format::kDecimal, kNano},
    {"napi_defer_hard_irqs", kNapiDefer},
});

// The number of "tx-12"; nullopt for another direction.
std::optional<std::uint32_t> NumberOf(std::string_view folder, std::string_view direction) {
  if (!folder.starts_with(direction)) return std::nullopt;
  const std::optional<std::uint64_t> number = ParseDecimal(folder.substr(direction.size()));
  if (!number || *number > UINT16_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::vector<std::uint32_t> NumbersOf(const std::vector<DirectoryEntry>& entries,
                                     std::string_view direction) {
  std::vector<std::uint32_t> numbers;
  for (const DirectoryEntry& entry : entries) {
    if (const auto number = NumberOf(entry.name, direction)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);  // In the listing tx-10 stands before tx-2.
  return numbers;
}

}  // namespace

Status CardQueues::Discover(const Kernel& kernel, const std::string& name) {
  device.clear();
  queues.clear();
  lost_a_queue = false;
  const std::string base = kernel.roots.Sys("class/net/" + name + "/");
  std::vector<DirectoryEntry> entries;
  if (Status listed = kernel.ListDirectory(base + "queues", entries); !listed) return listed;
  folder_ = Folder(base);
  const auto add = [&](std::span<const FileRow> rows, std::string_view direction) {
    const std::vector<std::uint32_t> numbers = NumbersOf(entries, direction);
    for (const FileRow& row : rows) {
      for (const std::uint32_t number : numbers) {
        queues.push_back({.row = &row,
                          .path = base + "queues/" + std::string(direction) +
                                  std::to_string(number) + "/" + std::string(row.file),
                          .queue = number});
      }
    }
    return static_cast<std::uint32_t>(numbers.size());
  };
  transmit = add(kTransmitRows, "tx-");
  receive = add(kReceiveRows, "rx-");
  for (const FileRow& row : kDeviceRows) {
    device.push_back({.row = &row, .path = base + std::string(row.file)});
  }
  return {};
}

// Rows follow each other queue by queue, in the order of their table.
bool CardQueues::CountsNothing(const QueueValue& value) const {
  const auto index = static_cast<std::size_t>(&value - queues.data());
  const std::size_t rows = value.row->family == kStalls     ? 1
                           : value.row->family == kStallMax ? 2
                                                            : 0;
  return rows != 0 && queues[index - rows * transmit].value.value_or(0) == 0;
}

std::uint32_t CardQueues::TurnsOf(std::uint32_t at_once) const {
  return std::max(1u, (std::max(receive, transmit) + at_once - 1) / at_once);
}

Status CardQueues::ReadLive(FileReader& reader, std::uint32_t at_once) {
  const std::uint32_t turns = TurnsOf(at_once);
  turn_ = (turn_ + 1) % turns;
  return Read(reader, Part{.turn = turn_, .turns = turns});
}

Status CardQueues::Read(FileReader& reader, std::optional<Part> live) {
  Status status;
  for (std::vector<QueueValue>* const values : {&device, &queues}) {
    for (QueueValue& value : *values) {
      if (live && (!value.row->is_live || !value.value)) continue;
      if (live && values == &queues) {
        if (value.queue % live->turns != live->turn || CountsNothing(value)) continue;
        // A turn of so many comes less often than the settings are read.
        if (live->turns > 1 && value.row->family == kTimeouts) continue;
      }
      Take(reader.Read(value.path, folder_), value, live.has_value(), status);
    }
  }
  return status;
}

void CardQueues::Take(const Result<std::string_view>& text, QueueValue& value, bool live,
                      Status& status) {
  const bool was_there = std::exchange(value.value, std::nullopt).has_value();
  if (!text) {
    const ErrorKind kind = text.error().kind;
    const bool is_missing = kind == ErrorKind::kAbsent || kind == ErrorKind::kUnsupported;
    if (is_missing) lost_a_queue |= live && was_there;
    if (!is_missing && status) status = text.error();
    return;
  }
  const Result<std::uint64_t> parsed = ParseQueueFile(*text, value.path, value.row->format);
  if (parsed) {
    value.value = *parsed;
    if (value.row->format == Format::kMask) value.cpus = CpusOf(*text);
  } else if (status) {
    status = parsed.error();
  }
}

bool CardQueues::HasAny() const {
  const auto has_value = [](const QueueValue& value) { return value.value.has_value(); };
  return std::ranges::any_of(device, has_value) || std::ranges::any_of(queues, has_value);
}

}  // namespace netstack::queues
