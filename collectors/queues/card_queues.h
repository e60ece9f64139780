#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/queues/families.h"
#include "collectors/queues/queue_file.h"
#include "collectors/queues/turns.h"
#include "kernel/file_reader.h"
#include "kernel/kernel.h"

namespace netstack::queues {

enum class Change : std::uint8_t {
  kByAPerson,  // A setting.
  kByItself,   // Worth a look at each scrape.
  kSeldom,     // By itself, and read with the settings where queues take turns.
};

// One file of each queue (or of the device) and what becomes of its number.
struct FileRow {
  std::string_view file;  // Below the queue's folder, or below the device's.
  FamilyIndex family;
  Format format = Format::kDecimal;
  double scale = 1;  // To the base unit; 1 keeps the integer.
  Change change = Change::kByAPerson;
  // It says nothing while this one of the same queue is 0 or not there: an earlier row, or itself.
  std::optional<FamilyIndex> with = {};
  bool is_in_ticks = false;  // Of the kernel, which `scale` is then nothing of.
};

// What one file says of each queue of a direction, in the order of their numbers.
struct QueueRow {
  const FileRow* file;
  std::size_t with;  // Position of the row it depends on; its own if there is none.
  std::vector<std::optional<std::uint64_t>> values;  // Nothing where the kernel gives nothing.
  std::vector<std::string> cpus;                     // Of a mask, where details are wanted.
};

// The queues of one direction.
struct QueueSide {
  std::string_view folder;  // "queues/tx-", without the number.
  std::vector<std::uint32_t> numbers;
  std::vector<QueueRow> rows;

  // Null if that is not read.
  const QueueRow* Find(FamilyIndex family) const;
  // True if the row has a number of the queue at that position, and it says something.
  bool Means(const QueueRow& row, std::size_t position) const;
};

// The queues of one card.
class CardQueues {
 public:
  using Time = Turns::Time;
  struct DeviceValue {
    const FileRow* file;
    std::optional<std::uint64_t> value = {};
  };

  // Finds the queues in use and reads all files that are wanted: those of the families of the page,
  // and with `details` the others too. `name` is the device's. The first error that is no absence;
  // what could not be read has no value.
  Status Discover(const Kernel& kernel, FileReader& reader, const std::string& name, bool details,
                  Time now);
  // True if the same queues are in use as at Discover().
  bool IsAsBefore(const Kernel& kernel);
  // Reads what changes by itself, and gave something before, of all queues.
  Status ReadAll(FileReader& reader, Time now);
  // The same of `at_once` of them, others at each call, but for what seldom changes.
  Status ReadSome(FileReader& reader, std::size_t at_once, Time now);
  // Reads what the two leave out of at most `at_once` queues, if that was last done before `due`.
  Status ReadSettings(FileReader& reader, std::size_t at_once, Time due, Time now);
  // Reads the settings of the device.
  Status ReadDevice(FileReader& reader);

  const std::vector<DeviceValue>& device() const { return device_; }
  const QueueSide& transmit() const { return sides_[0]; }
  const QueueSide& receive() const { return sides_[1]; }
  const std::array<QueueSide, 2>& sides() const { return sides_; }
  // Queues of the direction that has more.
  std::size_t size() const { return live_.count(); }
  // When the queue was read that was not for the longest; `now` without any.
  Time read_at(Time now) const { return size() == 0 ? now : live_.oldest(); }
  Time settings_read_at(Time now) const { return size() == 0 ? now : settings_.oldest(); }
  // True if a file gave something.
  bool HasAny() const;
  // True if a queue that was there has gone.
  bool lost_a_queue() const { return lost_a_queue_; }

 private:
  enum class Wanted : std::uint8_t { kEverything, kLive, kLiveOfSome, kSettingsOfSome };

  Status List(const Kernel& kernel);
  // Reads the queue at that position, in both directions.
  void ReadQueue(FileReader& reader, std::size_t position, Wanted wanted, Status& status);
  void ReadValue(FileReader& reader, const QueueSide& side, QueueRow& row, std::size_t position,
                 Status& status);
  // The number; nothing after an error, which goes to `status` if it is no absence and the first.
  std::optional<std::uint64_t> Number(const Result<std::string_view>& text, Format format,
                                      Status& status) const;

  std::vector<DeviceValue> device_;
  std::array<QueueSide, 2> sides_;
  Turns live_;
  Turns settings_;
  bool lost_a_queue_ = false;
  Folder folder_;     // The device's, since Discover().
  std::string path_;  // Of the file that is being read.
  std::vector<DirectoryEntry> entries_;
};

}  // namespace netstack::queues
