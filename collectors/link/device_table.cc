#include "collectors/link/device_table.h"

#include <linux/rtnetlink.h>

#include <algorithm>

namespace netstack::link {

DeviceTable::DeviceTable(const Kernel& kernel, const DevicePolicy& policy)
    : news_(kernel), devices_(kernel, policy) {
  request_.AddHeader(ifinfomsg{});
  request_.AddU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  visit_ = [this](const NetlinkMessage& message) { Visit(message); };
  restart_ = [this] { Restart(); };
}

void DeviceTable::Restart() {
  table_.clear();
  devices_.BeginRound();
}

void DeviceTable::Visit(const NetlinkMessage& message) {
  if (message.type != RTM_NEWLINK || !ParseLinkMessage(message.payload, link_)) return;
  const Device* const device = devices_.Update(link_);
  if (device == nullptr) return;
  table_.push_back({.index = static_cast<std::uint32_t>(link_.index),
                    .label = device->label,
                    .treatment = device->treatment,
                    .transmit_queue_length = link_.transmit_queue_length});
}

Status DeviceTable::Refresh(NetlinkPort& port) {
  if (!news_.MayHaveChanged()) return {};
  Restart();
  Status asked = port.Request(RTM_GETLINK, NLM_F_DUMP, request_.payload(), visit_, restart_);
  if (!asked) {
    table_.clear();
    news_.Retry();
    return asked;
  }
  std::sort(table_.begin(), table_.end(),
            [](const NamedDevice& a, const NamedDevice& b) { return a.index < b.index; });
  return {};
}

const NamedDevice* DeviceTable::Find(std::uint32_t index) const {
  const auto found = std::lower_bound(
      table_.begin(), table_.end(), index,
      [](const NamedDevice& device, std::uint32_t wanted) { return device.index < wanted; });
  return found != table_.end() && found->index == index ? &*found : nullptr;
}

}  // namespace netstack::link
