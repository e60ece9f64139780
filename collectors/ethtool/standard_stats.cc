#include "collectors/ethtool/standard_stats.h"

#include <linux/ethtool_netlink.h>

#include <algorithm>
#include <array>

#include "kernel/netlink/attribute.h"

namespace netstack::ethtool {
namespace {

constexpr std::uint32_t kPhy = ETHTOOL_STATS_ETH_PHY;
constexpr std::uint32_t kMac = ETHTOOL_STATS_ETH_MAC;
constexpr std::uint32_t kCtrl = ETHTOOL_STATS_ETH_CTRL;
constexpr std::uint32_t kRmon = ETHTOOL_STATS_RMON;

constexpr auto kRows = std::to_array<StandardRow>({
    {kPhy, ETHTOOL_A_STATS_ETH_PHY_5_SYM_ERR, kReceiveErrors, "symbol"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_6_FCS_ERR, kReceiveErrors, "fcs"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_7_ALIGN_ERR, kReceiveErrors, "alignment"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_15_RX_INT_ERR, kReceiveErrors, "internal_mac"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_23_IR_LEN_ERR, kReceiveErrors, "in_range_length"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_24_OOR_LEN, kReceiveErrors, "out_of_range_length"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_25_TOO_LONG_ERR, kReceiveErrors, "too_long"},
    {kRmon, ETHTOOL_A_STATS_RMON_UNDERSIZE, kReceiveErrors, "undersize"},
    {kRmon, ETHTOOL_A_STATS_RMON_OVERSIZE, kReceiveErrors, "oversize"},
    {kRmon, ETHTOOL_A_STATS_RMON_FRAG, kReceiveErrors, "fragment"},
    {kRmon, ETHTOOL_A_STATS_RMON_JABBER, kReceiveErrors, "jabber"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_10_LATE_COL, kTransmitErrors, "late_collision"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_11_XS_COL, kTransmitErrors, "excessive_collisions"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_12_TX_INT_ERR, kTransmitErrors, "internal_mac"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_13_CS_ERR, kTransmitErrors, "carrier_sense"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_20_XS_DEFER, kTransmitErrors, "excessive_deferral"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_3_SINGLE_COL, kTransmitDelays, "single_collision"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_4_MULTI_COL, kTransmitDelays, "multiple_collision"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_9_TX_DEFER, kTransmitDelays, "deferred"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_5_RX_PKT, kMacFrames, "receive"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_2_TX_PKT, kMacFrames, "transmit"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_14_RX_BYTES, kMacBytes, "receive"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_8_TX_BYTES, kMacBytes, "transmit"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_21_RX_MCAST, kMacGroupFrames, "receive", "multicast"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_22_RX_BCAST, kMacGroupFrames, "receive", "broadcast"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_18_TX_MCAST, kMacGroupFrames, "transmit", "multicast"},
    {kMac, ETHTOOL_A_STATS_ETH_MAC_19_TX_BCAST, kMacGroupFrames, "transmit", "broadcast"},
    {kCtrl, ETHTOOL_A_STATS_ETH_CTRL_4_RX, kControlReceived},
    {kCtrl, ETHTOOL_A_STATS_ETH_CTRL_3_TX, kControlSent},
    {kCtrl, ETHTOOL_A_STATS_ETH_CTRL_5_RX_UNSUP, kControlUnsupported},
});

Error Malformed(std::string_view device, std::string_view what) {
  return MalformedAt("netlink generic ethtool statistics", 0, what, device);
}

// The attributes of one nest, by a visitor that returns false for what is too short.
template <class Visitor>
Status ForEach(std::span<const std::byte> bytes, std::string_view device, Visitor&& visit) {
  NetlinkAttributes attributes(bytes);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (!visit(attribute)) return Malformed(device, "a short number, device");
  }
  if (attributes.malformed()) return Malformed(device, "an attribute does not fit, device");
  return {};
}

Status AddStat(std::uint32_t group, std::span<const std::byte> nest, std::string_view device,
               StandardStats& out) {
  return ForEach(nest, device, [&](const NetlinkAttribute& attribute) {
    const auto row = std::ranges::find_if(kRows, [&](const StandardRow& known) {
      return known.group == group && known.number == attribute.type;
    });
    if (row == kRows.end()) return true;
    const auto value = attribute.U64();
    const bool is_new =
        std::ranges::find(out.values, &*row, &StandardStats::Value::row) == out.values.end();
    if (value && is_new) out.values.push_back({.row = &*row, .value = *value});
    return value.has_value();
  });
}

Status AddBucket(bool transmit, std::span<const std::byte> nest, std::string_view device,
                 StandardStats& out) {
  std::optional<std::uint32_t> low;
  std::optional<std::uint32_t> high;
  std::optional<std::uint64_t> frames;
  Status read = ForEach(nest, device, [&](const NetlinkAttribute& attribute) {
    switch (attribute.type) {
      case ETHTOOL_A_STATS_GRP_HIST_BKT_LOW:
        return (low = attribute.U32()).has_value();
      case ETHTOOL_A_STATS_GRP_HIST_BKT_HI:
        return (high = attribute.U32()).has_value();
      case ETHTOOL_A_STATS_GRP_HIST_VAL:
        return (frames = attribute.U64()).has_value();
      default:
        return true;
    }
  });
  if (!read || !low || !high || !frames) return read;
  const bool is_known = std::ranges::any_of(out.buckets, [&](const StandardStats::Bucket& other) {
    return other.is_transmit == transmit && other.low == *low && other.high == *high;
  });
  if (!is_known) {
    out.buckets.push_back({.is_transmit = transmit, .low = *low, .high = *high, .frames = *frames});
  }
  return {};
}

Status AddGroup(std::span<const std::byte> nest, std::string_view device, StandardStats& out) {
  std::uint32_t group = UINT32_MAX;
  NetlinkAttributes attributes(nest);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    Status added;
    switch (attribute.type) {
      case ETHTOOL_A_STATS_GRP_ID:  // Comes first.
        group = attribute.U32().value_or(UINT32_MAX);
        break;
      case ETHTOOL_A_STATS_GRP_STAT:
        added = AddStat(group, attribute.data, device, out);
        break;
      case ETHTOOL_A_STATS_GRP_HIST_RX:
      case ETHTOOL_A_STATS_GRP_HIST_TX:
        added =
            AddBucket(attribute.type == ETHTOOL_A_STATS_GRP_HIST_TX, attribute.data, device, out);
        break;
      default:
        break;
    }
    if (!added) return added;
  }
  if (attributes.malformed()) return Malformed(device, "an attribute does not fit, device");
  return {};
}

}  // namespace

std::span<const StandardRow> StandardRows() {
  return kRows;
}

void StandardStats::Clear() {
  values.clear();
  buckets.clear();
}

void AskForStandardGroups(NetlinkBuilder& request) {
  constexpr std::uint32_t kGroups = 1u << kPhy | 1u << kMac | 1u << kCtrl | 1u << kRmon;
  const std::size_t bitset = request.BeginNest(ETHTOOL_A_STATS_GROUPS);
  request.AddBytes(ETHTOOL_A_BITSET_NOMASK, {});
  request.AddU32(ETHTOOL_A_BITSET_SIZE, 4);
  request.AddU32(ETHTOOL_A_BITSET_VALUE, kGroups);
  request.EndNest(bitset);
}

Status ParseStandardStats(std::span<const std::byte> attributes, std::string_view device,
                          StandardStats& out) {
  NetlinkAttributes walk(attributes);
  NetlinkAttribute attribute;
  while (walk.Next(attribute)) {
    if (attribute.type != ETHTOOL_A_STATS_GRP) continue;
    if (Status added = AddGroup(attribute.data, device, out); !added) return added;
  }
  if (walk.malformed()) return Malformed(device, "an attribute does not fit, device");
  return {};
}

}  // namespace netstack::ethtool
