#pragma once

#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "kernel/netlink/builder.h"
#include "kernel/netlink/netlink.h"

namespace netstack {

// RTM_NEWLINK of a made device: hardware, or a container's port.
inline std::vector<std::byte> SyntheticLink(int index, bool hardware) {
  ifinfomsg header = {};
  header.ifi_index = index;
  header.ifi_flags = IFF_UP;
  header.ifi_type = ARPHRD_ETHER;
  NetlinkBuilder builder;
  builder.AddHeader(header);
  builder.AddText(IFLA_IFNAME, (hardware ? "eth" : "veth") + std::to_string(index));
  builder.AddU8(IFLA_CARRIER, 0);
  builder.AddU32(IFLA_CARRIER_CHANGES, 2);
  builder.AddU32(IFLA_MTU, 1500);
  builder.AddU32(IFLA_NUM_RX_QUEUES, 8);
  builder.AddU32(IFLA_NUM_TX_QUEUES, 8);
  if (hardware) {
    builder.AddText(IFLA_PARENT_DEV_NAME, "0000:00:" + std::to_string(index));
    builder.AddText(IFLA_PARENT_DEV_BUS_NAME, "pci");
  } else {
    builder.AddU32(IFLA_LINK_NETNSID, 0);
    const std::size_t nest = builder.BeginNest(IFLA_LINKINFO);
    builder.AddText(IFLA_INFO_KIND, "veth");
    builder.EndNest(nest);
  }
  std::array<std::uint64_t, 25> stats;
  std::iota(stats.begin(), stats.end(), static_cast<std::uint64_t>(index) << 20);
  builder.AddBytes(IFLA_STATS64, std::as_bytes(std::span(stats)));
  return {builder.payload().begin(), builder.payload().end()};
}

// A kernel with many devices, every other one a container's port, and no other netlink objects.
class SyntheticDevices : public NetlinkSource {
 public:
  explicit SyntheticDevices(int count) {
    for (int i = 1; i <= count; ++i) messages_.push_back(SyntheticLink(i, i % 2 == 0));
  }
  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    if (protocol != NETLINK_ROUTE) return Error{.kind = ErrorKind::kUnsupported, .what = "made"};
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this));
  }

 private:
  class Port : public NetlinkPort {
   public:
    explicit Port(const SyntheticDevices& devices) : devices_(devices) {}
    Status Request(std::uint16_t type, std::uint16_t, std::span<const std::byte>,
                   const NetlinkVisitor& visit, const std::function<void()>&) override {
      if (type != RTM_GETLINK) return {};
      for (const auto& message : devices_.messages_) {
        visit({.type = RTM_NEWLINK, .flags = 0, .payload = message});
      }
      return {};
    }

   private:
    const SyntheticDevices& devices_;
  };
  std::vector<std::vector<std::byte>> messages_;
};

}  // namespace netstack
