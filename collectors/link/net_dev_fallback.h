#pragma once

#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collectors/link/devices.h"
#include "collectors/link/families.h"
#include "collectors/link/link_message.h"
#include "collectors/link/net_dev_file.h"
#include "kernel/kernel.h"
#include "model/samples.h"

namespace netstack::link {

// Tells counters of devices from /proc/net/dev while the kernel's lock for the configuration of
// devices (RTNL) is held by somebody else. Only the columns that are one field each: the file adds
// up rx_dropped and rx_missed_errors, and all errors of framing. Two threads: one remembers, one
// collects.
class NetDevFallback {
 public:
  explicit NetDevFallback(const Kernel& kernel) : file_(kernel.ProcFile("net/dev")) {}

  // The devices of a round that went well; null for those that are passed over. The file tells
  // their names and counters only; those of `shown` are shown.
  void Remember(std::span<const Link> links, std::span<Device* const> devices, const Devices& table,
                ShownFields shown);
  // Adds what netstack_link_* had of the devices that were remembered. False if there is nothing.
  bool Collect(Samples& out);

 private:
  struct Known {
    std::string name;
    std::optional<std::uint32_t> master_index, lower_index;
    Device device;
    std::string master, lower;  // Labels.
  };

  static bool IsAsBefore(const Known& known, const Link& link, const Device& device);
  const Known* Find(std::string_view name);
  void Add(const Known& known, const NetDevLine& line, Samples& out) const;

  std::mutex mutex_;  // Guards all below.
  File file_;
  ShownFields shown_;
  std::vector<Known> known_;
  std::size_t hint_ = 0;  // Both list devices in the same order.
  std::vector<NetDevLine> lines_;
};

}  // namespace netstack::link
