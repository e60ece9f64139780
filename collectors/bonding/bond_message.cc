#include "collectors/bonding/bond_message.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <string_view>

#include "kernel/netlink/attribute.h"

namespace netstack::bonding {
namespace {

constexpr std::string_view kKind = "bond";
using Bytes = std::span<const std::byte>;

Error Malformed(std::string_view what) {
  return MalformedAt("netlink route link", 0, what, kKind);
}

// Calls `visit` for each attribute of a nest; it returns false for one that is too short.
template <class Visitor>
Status ForEach(Bytes nest, Visitor&& visit) {
  NetlinkAttributes attributes(nest);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (!visit(attribute)) return Malformed("a short number");
  }
  if (attributes.malformed()) return Malformed("an attribute does not fit");
  return {};
}

template <class Value>
bool Keep(const std::optional<Value>& value, std::optional<Value>& out) {
  out = value;
  return value.has_value();
}

Status ParseAdInfo(Bytes data, BondLink& out) {
  return ForEach(data, [&](const NetlinkAttribute& attribute) {
    return attribute.type != IFLA_BOND_AD_INFO_NUM_PORTS ||
           Keep(attribute.U16(), out.aggregator_ports);
  });
}

Status ParseBondData(Bytes data, BondLink& out) {
  Bytes ad_info;
  Status parsed = ForEach(data, [&](const NetlinkAttribute& attribute) {
    if (attribute.type == IFLA_BOND_AD_INFO) ad_info = attribute.data;
    return attribute.type != IFLA_BOND_MODE || Keep(attribute.U8(), out.mode);
  });
  return parsed ? ParseAdInfo(ad_info, out) : parsed;
}

Status ParseSlaveData(Bytes data, BondLink& out) {
  return ForEach(data, [&](const NetlinkAttribute& attribute) {
    switch (attribute.type) {
      case IFLA_BOND_SLAVE_STATE:
        return Keep(attribute.U8(), out.state);
      case IFLA_BOND_SLAVE_MII_STATUS:
        return Keep(attribute.U8(), out.mii_status);
      case IFLA_BOND_SLAVE_LINK_FAILURE_COUNT:
        return Keep(attribute.U32(), out.link_failures);
      case IFLA_BOND_SLAVE_AD_AGGREGATOR_ID:
        return Keep(attribute.U16(), out.aggregator);
      default:
        return true;
    }
  });
}

Status ParseLinkInfo(Bytes data, BondLink& out) {
  Bytes bond_data;
  Bytes slave_data;
  Status parsed = ForEach(data, [&](const NetlinkAttribute& attribute) {
    if (attribute.type == IFLA_INFO_KIND) out.is_bond = attribute.Text() == kKind;
    if (attribute.type == IFLA_INFO_SLAVE_KIND) out.is_slave = attribute.Text() == kKind;
    if (attribute.type == IFLA_INFO_DATA) bond_data = attribute.data;
    if (attribute.type == IFLA_INFO_SLAVE_DATA) slave_data = attribute.data;
    return true;
  });
  if (parsed && out.is_bond) parsed = ParseBondData(bond_data, out);
  if (parsed && out.is_slave) parsed = ParseSlaveData(slave_data, out);
  return parsed;
}

}  // namespace

Status ParseBondLink(Bytes payload, BondLink& out) {
  out = {};
  ifinfomsg header;
  if (!ReadHeader(payload, header)) return Malformed("a message without its header");
  out.index = static_cast<std::uint32_t>(header.ifi_index);
  Bytes link_info;
  Status parsed =
      ForEach(AfterHeader(payload, sizeof header), [&](const NetlinkAttribute& attribute) {
        if (attribute.type == IFLA_MASTER) out.master = attribute.U32().value_or(0);
        if (attribute.type == IFLA_LINKINFO) link_info = attribute.data;
        return true;
      });
  if (parsed) parsed = ParseLinkInfo(link_info, out);
  if (!out.is_slave) out.master = 0;
  return parsed;
}

}  // namespace netstack::bonding
