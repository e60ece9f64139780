#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/device_policy.h"
#include "collectors/link/devices.h"
#include "collectors/link/link_message.h"
#include "collectors/link_news.h"
#include "kernel/kernel.h"
#include "kernel/netlink/builder.h"

namespace netstack::link {

// A device as other collectors need it, whose messages tell its index only.
struct NamedDevice {
  std::uint32_t index = 0;
  std::string_view label = {};  // The name as a label value.
  DeviceTreatment treatment = DeviceTreatment::kShown;
  std::optional<std::uint32_t> transmit_queue_length = {};
};

// The devices of the host by index, asked of the kernel without their statistics (RTM_GETLINK,
// RTEXT_FILTER_SKIP_STATS). One thread at a time.
class DeviceTable {
 public:
  // `kernel` must outlive the object.
  DeviceTable(const Kernel& kernel, const DevicePolicy& policy);
  DeviceTable(const DeviceTable&) = delete;
  DeviceTable& operator=(const DeviceTable&) = delete;

  // Asks for all devices, where the kernel told of any since the last call. A device that cannot be
  // understood is left out.
  Status Refresh(NetlinkPort& port);

  // By index. Valid until the next Refresh().
  std::span<const NamedDevice> all() const { return table_; }
  // Null when there is none. Valid until the next Refresh().
  const NamedDevice* Find(std::uint32_t index) const;

 private:
  void Visit(const NetlinkMessage& message);
  void Restart();

  LinkNews news_;
  Devices devices_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  Link link_;
  std::vector<NamedDevice> table_;  // By index after Refresh().
};

}  // namespace netstack::link
