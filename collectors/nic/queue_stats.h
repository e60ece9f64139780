#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/nic/families.h"
#include "collectors/nic/stat_rows.h"
#include "kernel/netlink/netdev_family.h"

namespace netstack::nic {

// One number of one queue as the family netdev tells it.
struct QueueStat {
  std::uint64_t device = 0;  // Index.
  std::uint32_t queue = 0;
  std::uint16_t attribute = 0;
  std::uint64_t value = 0;
  bool IsSameAs(const QueueStat& other) const {
    return queue == other.queue && attribute == other.attribute;
  }
};

// What an attribute means.
struct QueueStatRow {
  std::uint16_t attribute;
  FamilyIndex family;
  Direction direction;
  std::string_view cause = {};   // Drops and events; of offloads the kind.
  std::string_view driver = {};  // Of this driver only; it goes before a row for all.
};
// Null for an attribute that means nothing here.
const QueueStatRow* FindQueueStatRow(std::uint16_t attribute, std::string_view driver);

// The statistics of queues that drivers give to the kernel in one form. One thread at a time.
class QueueStats {
 public:
  // `source` must outlive the object.
  explicit QueueStats(NetlinkSource& source);
  QueueStats(const QueueStats&) = delete;
  QueueStats& operator=(const QueueStats&) = delete;

  // Asks for those of all devices. A kernel without the family or the command (before Linux 6.9)
  // has none, which is no error.
  Status Update();
  // Those of one device, by queue. Valid until the next Update().
  std::span<const QueueStat> Of(std::uint64_t device) const;

 private:
  void Visit(const NetdevMessage& message);

  NetdevFamily family_;
  NetdevFamily::Visitor visit_;
  std::function<void()> restart_;
  std::vector<QueueStat> stats_;  // Sorted by device.
};

}  // namespace netstack::nic
