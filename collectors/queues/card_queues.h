#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collectors/queues/families.h"
#include "collectors/queues/queue_file.h"
#include "kernel/file_reader.h"
#include "kernel/kernel.h"

namespace netstack::queues {

// One file of each queue (or of the device) and what becomes of its number.
struct FileRow {
  std::string_view file;  // Below the queue's folder, or below the device's.
  FamilyIndex family;
  Format format = Format::kDecimal;
  double scale = 1;          // To the base unit; 1 keeps the integer.
  bool is_live = false;      // Changes by itself: read in each round. The others are settings.
  bool is_in_ticks = false;  // Of the kernel, which `scale` is then nothing of.
};

// One number: a row's file of one queue.
struct QueueValue {
  const FileRow* row;
  std::string path;
  std::uint32_t queue = 0;
  std::optional<std::uint64_t> value = {};  // Nothing where the kernel gives nothing.
  std::string cpus = {};                    // Of a mask in which there is one.
};

// The queues of one card. The values of a row stand together, by queue.
struct CardQueues {
  std::vector<QueueValue> device;
  std::vector<QueueValue> queues;
  std::uint32_t receive = 0;
  std::uint32_t transmit = 0;

  // Finds the queues in use; `name` is the device's.
  Status Discover(const Kernel& kernel, const std::string& name);
  // Reads all files. The first error that is no absence; what could not be read has no value.
  Status ReadAll(FileReader& reader) { return Read(reader, {}); }
  // Reads the live files that gave something before: of all queues, or of `at_once` of them, others
  // at each call; timeouts of a card whose queues take turns are read by ReadAll() only.
  Status ReadLive(FileReader& reader, std::uint32_t at_once);
  // How many calls of it read all queues, at least 1, and which of them was the last: below that.
  std::uint32_t TurnsOf(std::uint32_t at_once) const;
  std::uint32_t turn() const { return turn_; }
  // True if a file gave something.
  bool HasAny() const;
  // True if a queue that was there has gone.
  bool lost_a_queue = false;

 private:
  // Of live files only: those of queues whose number leaves `turn` when divided by `turns`.
  struct Part {
    std::uint32_t turn;
    std::uint32_t turns;
  };
  Status Read(FileReader& reader, std::optional<Part> live);
  void Take(const Result<std::string_view>& text, QueueValue& value, bool live, Status& status);
  // Stalls are counted with a threshold only.
  bool CountsNothing(const QueueValue& value) const;

  std::uint32_t turn_ = 0;
  Folder folder_;  // The device's, since Discover().
};

}  // namespace netstack::queues
