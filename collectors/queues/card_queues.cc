#include "collectors/queues/card_queues.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "kernel/missing.h"
#include "kernel/text.h"

namespace netstack::queues {
namespace {

using enum Change;

constexpr double kMilli = 1e-3;
constexpr double kNano = 1e-9;

// While the limit is 0 the driver takes no part, as far as one can know: no depth, no limit.
// Without a threshold, which is how it starts, stalls are not counted.
constexpr auto kTransmitRows = std::to_array<FileRow>({
    {"byte_queue_limits/limit", kLimit, Format::kDecimal, 1, kByItself, kLimit},
    {"byte_queue_limits/inflight", kInflight, Format::kInflight, 1, kByItself, kLimit},
    {"byte_queue_limits/limit_min", kLimitMin},
    {"byte_queue_limits/limit_max", kLimitMax},
    {"byte_queue_limits/hold_time", kHoldTime, Format::kDecimal, kMilli},
    {"byte_queue_limits/stall_thrs", kStallThreshold, Format::kDecimal, kMilli, kByAPerson,
     kStallThreshold},
    {"byte_queue_limits/stall_cnt", kStalls, Format::kDecimal, 1, kByItself, kStallThreshold},
    {"byte_queue_limits/stall_max", kStallMax, Format::kDecimal, 1, kByItself, kStallThreshold,
     true},
    {"tx_timeout", kTimeouts, Format::kDecimal, 1, kSeldom},
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

constexpr std::string_view kQueues = "queues/";

// The number of "tx-12"; nullopt for another direction.
std::optional<std::uint32_t> NumberOf(std::string_view folder, std::string_view direction) {
  if (!folder.starts_with(direction)) return std::nullopt;
  const std::optional<std::uint64_t> number = ParseDecimal(folder.substr(direction.size()));
  if (!number || *number > UINT16_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

void FindNumbers(const std::vector<DirectoryEntry>& entries, std::string_view direction,
                 std::vector<std::uint32_t>& numbers) {
  numbers.clear();
  for (const DirectoryEntry& entry : entries) {
    if (const auto number = NumberOf(entry.name, direction)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);  // In the listing tx-10 stands before tx-2.
}

void MakeRows(std::span<const FileRow> files, bool details, QueueSide& side) {
  side.rows.clear();
  for (const FileRow& file : files) {
    if (kFamilies[file.family].tier != Tier::kCore && !details) continue;
    QueueRow row = {.file = &file, .with = side.rows.size(), .values = {}, .cpus = {}};
    row.values.resize(side.numbers.size());
    if (details && file.format == Format::kMask) row.cpus.resize(side.numbers.size());
    for (std::size_t i = 0; i < side.rows.size(); ++i) {
      if (side.rows[i].file->family == file.with) row.with = i;
    }
    side.rows.push_back(std::move(row));
  }
}

}  // namespace

const QueueRow* QueueSide::Find(FamilyIndex family) const {
  for (const QueueRow& row : rows) {
    if (row.file->family == family) return &row;
  }
  return nullptr;
}

bool QueueSide::Means(const QueueRow& row, std::size_t position) const {
  if (!row.values[position]) return false;
  return !row.file->with || rows[row.with].values[position].value_or(0) != 0;
}

Status CardQueues::List(const Kernel& kernel) {
  path_ = folder_.path();
  path_ += kQueues;
  return kernel.ListDirectory(path_, entries_);
}

Status CardQueues::Discover(const Kernel& kernel, FileReader& reader, const std::string& name,
                            bool details, Time now) {
  device_.clear();
  sides_ = {QueueSide{.folder = "queues/tx-", .numbers = {}, .rows = {}},
            QueueSide{.folder = "queues/rx-", .numbers = {}, .rows = {}}};
  lost_a_queue_ = false;
  live_.Restart(0, now);
  settings_.Restart(0, now);
  folder_ = Folder(kernel.roots.Sys("class/net/" + name + "/"));
  if (Status listed = List(kernel); !listed) return listed;
  for (QueueSide& side : sides_) {
    FindNumbers(entries_, side.folder.substr(kQueues.size()), side.numbers);
  }
  MakeRows(kTransmitRows, details, sides_[0]);
  MakeRows(kReceiveRows, details, sides_[1]);
  for (const FileRow& file : kDeviceRows) device_.push_back({.file = &file});
  const std::size_t size = std::max(transmit().numbers.size(), receive().numbers.size());
  live_.Restart(size, now);
  settings_.Restart(size, now);
  Status status = ReadDevice(reader);
  for (std::size_t i = 0; i < size; ++i) ReadQueue(reader, i, Wanted::kEverything, status);
  return status;
}

bool CardQueues::IsAsBefore(const Kernel& kernel) {
  if (!List(kernel)) return false;
  std::vector<std::uint32_t> numbers;
  return std::ranges::all_of(sides_, [&](const QueueSide& side) {
    FindNumbers(entries_, side.folder.substr(kQueues.size()), numbers);
    return numbers == side.numbers;
  });
}

Status CardQueues::ReadAll(FileReader& reader, Time now) {
  Status status;
  for (std::size_t i = 0; i < size(); ++i) {
    ReadQueue(reader, live_.Take(now), Wanted::kLive, status);
  }
  return status;
}

Status CardQueues::ReadSome(FileReader& reader, std::size_t at_once, Time now) {
  Status status;
  for (std::size_t i = 0; i < std::min(at_once, size()); ++i) {
    ReadQueue(reader, live_.Take(now), Wanted::kLiveOfSome, status);
  }
  return status;
}

Status CardQueues::ReadSettings(FileReader& reader, std::size_t at_once, Time due, Time now) {
  Status status;
  for (std::size_t i = 0; i < std::min(at_once, size()) && settings_.oldest() <= due; ++i) {
    ReadQueue(reader, settings_.Take(now), Wanted::kSettingsOfSome, status);
  }
  return status;
}

Status CardQueues::ReadDevice(FileReader& reader) {
  Status status;
  for (DeviceValue& value : device_) {
    path_ = folder_.path();
    path_ += value.file->file;
    value.value = Number(reader.Read(path_, folder_), value.file->format, status);
  }
  return status;
}

void CardQueues::ReadQueue(FileReader& reader, std::size_t position, Wanted wanted,
                           Status& status) {
  for (QueueSide& side : sides_) {
    if (position >= side.numbers.size()) continue;
    for (std::size_t i = 0; i < side.rows.size(); ++i) {
      QueueRow& row = side.rows[i];
      const Change change = row.file->change;
      const bool is_live = row.values[position] &&
                           (change == kByItself || (change == kSeldom && wanted == Wanted::kLive));
      // What gave nothing before is looked for with the settings.
      if (wanted != Wanted::kEverything && is_live == (wanted == Wanted::kSettingsOfSome)) continue;
      if (row.with != i && side.rows[row.with].values[position].value_or(0) == 0) {
        // It is looked at as soon as it says something.
        row.values[position] = side.rows[row.with].values[position];
        continue;
      }
      ReadValue(reader, side, row, position, status);
    }
  }
}

void CardQueues::ReadValue(FileReader& reader, const QueueSide& side, QueueRow& row,
                           std::size_t position, Status& status) {
  char digits[16];
  char* const end = std::to_chars(digits, digits + sizeof digits, side.numbers[position]).ptr;
  *end = '/';
  path_ = folder_.path();
  path_ += side.folder;
  path_.append(digits, static_cast<std::size_t>(end - digits) + 1);
  path_ += row.file->file;
  const Result<std::string_view> text = reader.Read(path_, folder_);
  std::optional<std::uint64_t>& value = row.values[position];
  const bool was_there = value.has_value();
  value = Number(text, row.file->format, status);
  if (!row.cpus.empty()) row.cpus[position] = value ? CpusOf(*text) : std::string();
  lost_a_queue_ |= was_there && !text && IsMissing(text.error());
}

std::optional<std::uint64_t> CardQueues::Number(const Result<std::string_view>& text, Format format,
                                                Status& status) const {
  if (!text) {
    if (!IsMissing(text.error()) && status) status = text.error();
    return std::nullopt;
  }
  const Result<std::uint64_t> number = ParseQueueFile(*text, path_, format);
  if (number) return *number;
  if (status) status = number.error();
  return std::nullopt;
}

bool CardQueues::HasAny() const {
  const auto has_value = [](const auto& value) { return value.has_value(); };
  return std::ranges::any_of(device_, has_value, &DeviceValue::value) ||
         std::ranges::any_of(sides_, [&](const QueueSide& side) {
           return std::ranges::any_of(side.rows, [&](const QueueRow& row) {
             return std::ranges::any_of(row.values, has_value);
           });
         });
}

}  // namespace netstack::queues
