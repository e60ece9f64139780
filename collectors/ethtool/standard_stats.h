#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/ethtool/families.h"
#include "kernel/netlink/builder.h"
#include "kernel/result.h"

namespace netstack::ethtool {

// One statistic of the groups eth-phy, eth-mac, eth-ctrl and rmon, whose names are those of IEEE
// 802.3 and RFC 2819 whatever the driver.
struct StandardRow {
  std::uint32_t group;   // ETHTOOL_STATS_*.
  std::uint16_t number;  // ETHTOOL_A_STATS_*_*, within the group.
  FamilyIndex family;
  std::string_view label = {};  // After the device: direction, error or kind; or nothing.
  std::string_view second = {};
};
std::span<const StandardRow> StandardRows();

// What a device has of them; most drivers have none.
struct StandardStats {
  struct Value {
    const StandardRow* row;
    std::uint64_t value;
    bool operator==(const Value&) const = default;
  };
  // Frames by size: a bucket of the histograms of rmon.
  struct Bucket {
    bool is_transmit;
    std::uint32_t low;  // Bytes, both ends included.
    std::uint32_t high;
    std::uint64_t frames;
    bool operator==(const Bucket&) const = default;
  };
  std::vector<Value> values;
  std::vector<Bucket> buckets;
  // Keeps the memory.
  void Clear();
  bool empty() const { return values.empty() && buckets.empty(); }
  bool operator==(const StandardStats&) const = default;
};

// Adds to a request of ETHTOOL_MSG_STATS_GET that all four groups are wanted.
void AskForStandardGroups(NetlinkBuilder& request);

// Adds to `out` what a reply tells. kMalformed when an attribute does not fit or is too short;
// `device` is for the error.
Status ParseStandardStats(std::span<const std::byte> attributes, std::string_view device,
                          StandardStats& out);

}  // namespace netstack::ethtool
