#include "collectors/link/link_message.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "kernel/netlink/attribute.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::link {
namespace {

constexpr std::string_view kPath = "netlink route link";
constexpr std::size_t kFewestFields = 23;  // Since Linux 2.6.35.

struct NumberRow {
  std::uint16_t type;
  std::optional<std::uint32_t> Link::*field;
};
constexpr NumberRow kNumbers[] = {
    {IFLA_LINK, &Link::lower},
    {IFLA_MASTER, &Link::master},
    {IFLA_CARRIER_CHANGES, &Link::carrier_changes},
    {IFLA_CARRIER_UP_COUNT, &Link::carrier_up_count},
    {IFLA_CARRIER_DOWN_COUNT, &Link::carrier_down_count},
    {IFLA_MTU, &Link::mtu},
    {IFLA_TXQLEN, &Link::transmit_queue_length},
    {IFLA_NUM_RX_QUEUES, &Link::receive_queues},
    {IFLA_NUM_TX_QUEUES, &Link::transmit_queues},
    {IFLA_GSO_MAX_SIZE, &Link::gso_max_size},
    {IFLA_GSO_MAX_SEGS, &Link::gso_max_segments},
    {IFLA_GRO_MAX_SIZE, &Link::gro_max_size},
    {nlabi::kIflaGsoIpv4MaxSize, &Link::gso_ipv4_max_size},
    {nlabi::kIflaGroIpv4MaxSize, &Link::gro_ipv4_max_size},
};

struct ByteRow {
  std::uint16_t type;
  std::optional<std::uint8_t> Link::*field;
};
constexpr ByteRow kBytes[] = {
    {IFLA_OPERSTATE, &Link::operstate},
    {IFLA_CARRIER, &Link::carrier},
};

struct TextRow {
  std::uint16_t type;
  std::string Link::*field;
};
constexpr TextRow kTexts[] = {
    {IFLA_IFNAME, &Link::name},
    {IFLA_PARENT_DEV_NAME, &Link::parent},
    {IFLA_PARENT_DEV_BUS_NAME, &Link::parent_bus},
};

void Reset(Link& out) {
  for (const NumberRow& row : kNumbers) (out.*row.field).reset();
  for (const ByteRow& row : kBytes) (out.*row.field).reset();
  for (const TextRow& row : kTexts) (out.*row.field).clear();
  out.kind.clear();
  out.lower_in_other_netns = false;
  out.stats.fill(0);
  out.stats_count = 0;
}

Error Malformed(const Link& link, std::string_view what) {
  return MalformedAt(kPath, 0, what, link.name);
}

Status ParseStats(std::span<const std::byte> data, Link& out) {
  const std::size_t fields = std::min(data.size() / sizeof(std::uint64_t), kLinkFields);
  if (fields < kFewestFields) return Malformed(out, "too few statistics for device");
  std::memcpy(out.stats.data(), data.data(), fields * sizeof(std::uint64_t));
  out.stats_count = fields;
  return {};
}

Status ParseLinkInfo(std::span<const std::byte> data, Link& out) {
  NetlinkAttributes attributes(data);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type == IFLA_INFO_KIND) out.kind = attribute.Text();
  }
  if (attributes.malformed())
    return Malformed(out, "an attribute of its kind does not fit, device");
  return {};
}

Status ParseAttribute(const NetlinkAttribute& attribute, Link& out) {
  for (const NumberRow& row : kNumbers) {
    if (row.type != attribute.type) continue;
    out.*row.field = attribute.U32();
    if (!(out.*row.field)) return Malformed(out, "a short number for device");
    return {};
  }
  for (const ByteRow& row : kBytes) {
    if (row.type != attribute.type) continue;
    out.*row.field = attribute.U8();
    if (!(out.*row.field)) return Malformed(out, "an empty attribute for device");
    return {};
  }
  for (const TextRow& row : kTexts) {
    if (row.type == attribute.type) out.*row.field = attribute.Text();
  }
  if (attribute.type == IFLA_LINK_NETNSID) out.lower_in_other_netns = true;
  if (attribute.type == IFLA_STATS64) return ParseStats(attribute.data, out);
  if (attribute.type == IFLA_LINKINFO) return ParseLinkInfo(attribute.data, out);
  return {};
}

}  // namespace

Status ParseLinkMessage(std::span<const std::byte> payload, Link& out) {
  Reset(out);
  ifinfomsg header;
  if (!ReadHeader(payload, header)) return Malformed(out, "a message without its header");
  out.index = header.ifi_index;
  out.flags = header.ifi_flags;
  out.is_loopback = header.ifi_type == ARPHRD_LOOPBACK;
  NetlinkAttributes attributes(AfterHeader(payload, sizeof header));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (Status parsed = ParseAttribute(attribute, out); !parsed) return parsed;
  }
  if (attributes.malformed()) return Malformed(out, "an attribute does not fit, device");
  if (out.index <= 0 || out.name.empty()) return Malformed(out, "a device without name or number");
  return {};
}

}  // namespace netstack::link
