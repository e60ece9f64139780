#pragma once

#include <array>

#include "collectors/link/stat_families.h"
#include "model/family.h"
#include "model/joined.h"
#include "model/samples.h"

namespace netstack::link {

// What a device is and how it is set.
inline constexpr auto kStateFamilies = std::to_array<Family>({
    {.name = "netstack_link_info",
     .type = MetricType::kInfo,
     .labels = {"device", "kind", "driver", "master", "lower", "parent"},
     .help = "What a device is: its kind, its driver, the bridge or bond it belongs to, the device "
             "it is on, and its hardware.",
     .source = "RTM_GETLINK IFLA_LINKINFO, IFLA_MASTER, IFLA_LINK, IFLA_PARENT_DEV_NAME; sysfs "
               "device/driver"},
    {.name = "netstack_link_operstate_info",
     .type = MetricType::kInfo,
     .path = Path::kReceive,
     .stage = Stage::kWire,
     .tier = Tier::kExtended,
     .labels = {"device", "operstate"},
     .help = "Operational state (RFC 2863).",
     .source = "RTM_GETLINK IFLA_OPERSTATE",
     .reading = "unknown is normal for lo and tun."},
    {.name = "netstack_link_up",
     .path = Path::kReceive,
     .stage = Stage::kWire,
     .labels = {"device"},
     .help = "1 if the device was set up by an administrator.",
     .source = "RTM_GETLINK ifi_flags IFF_UP"},
    {.name = "netstack_link_carrier",
     .path = Path::kReceive,
     .stage = Stage::kWire,
     .labels = {"device"},
     .help = "1 if the device has a carrier; left out while the device is down.",
     .source = "RTM_GETLINK IFLA_CARRIER",
     .reading = "0 on a device that is up: cable, optic, or the peer is down."},
    {.name = "netstack_link_carrier_changes_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kWire,
     .width = Width::k32,
     .labels = {"device"},
     .help = "Changes of the carrier, up and down.",
     .source = "RTM_GETLINK IFLA_CARRIER_CHANGES, 32 bits",
     .reading = "Rising: the link flaps; packets are lost with each."},
    {.name = "netstack_link_carrier_up_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kWire,
     .tier = Tier::kExtended,
     .width = Width::k32,
     .labels = {"device"},
     .help = "Times the carrier came.",
     .source = "RTM_GETLINK IFLA_CARRIER_UP_COUNT, 32 bits, since Linux 4.16"},
    {.name = "netstack_link_carrier_down_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kWire,
     .tier = Tier::kExtended,
     .width = Width::k32,
     .labels = {"device"},
     .help = "Times the carrier went.",
     .source = "RTM_GETLINK IFLA_CARRIER_DOWN_COUNT, 32 bits, since Linux 4.16",
     .reading = "Rising: the link flaps."},
    {.name = "netstack_link_speed_bytes_per_second",
     .path = Path::kReceive,
     .stage = Stage::kWire,
     .role = Role::kLimit,
     .labels = {"device"},
     .help = "Speed of a hardware device's link; left out where the driver does not know it.",
     .source = "sysfs class/net/D/speed, read again when the carrier changed",
     .reading = "Lower than the port's: autonegotiation fell back."},
    {.name = "netstack_link_mtu_bytes",
     .path = Path::kTransmit,
     .stage = Stage::kIp,
     .role = Role::kTunable,
     .labels = {"device"},
     .help = "Largest packet the device sends, without its link header.",
     .source = "RTM_GETLINK IFLA_MTU"},
    {.name = "netstack_link_transmit_queue_length_packets",
     .path = Path::kTransmit,
     .stage = Stage::kQdisc,
     .role = Role::kTunable,
     .labels = {"device"},
     .help = "txqueuelen: the limit that queueing disciplines of this device start from.",
     .source = "RTM_GETLINK IFLA_TXQLEN"},
    {.name = "netstack_link_receive_queues",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .role = Role::kTunable,
     .tier = Tier::kExtended,
     .labels = {"device"},
     .help = "Receive queues the device was made with; fewer may be in use.",
     .source = "RTM_GETLINK IFLA_NUM_RX_QUEUES"},
    {.name = "netstack_link_transmit_queues",
     .path = Path::kTransmit,
     .stage = Stage::kQueue,
     .role = Role::kTunable,
     .tier = Tier::kExtended,
     .labels = {"device"},
     .help = "Transmit queues the device was made with; fewer may be in use.",
     .source = "RTM_GETLINK IFLA_NUM_TX_QUEUES"},
    {.name = "netstack_link_gso_max_size_bytes",
     .path = Path::kTransmit,
     .stage = Stage::kQueue,
     .role = Role::kTunable,
     .tier = Tier::kExtended,
     .labels = {"device"},
     .help = "Largest packet handed to the device for segmentation.",
     .source = "RTM_GETLINK IFLA_GSO_MAX_SIZE, since Linux 4.16"},
    {.name = "netstack_link_gso_max_segments",
     .path = Path::kTransmit,
     .stage = Stage::kQueue,
     .role = Role::kTunable,
     .tier = Tier::kExtended,
     .labels = {"device"},
     .help = "Most segments of a packet handed to the device for segmentation.",
     .source = "RTM_GETLINK IFLA_GSO_MAX_SEGS, since Linux 4.16"},
    {.name = "netstack_link_gro_max_size_bytes",
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kTunable,
     .tier = Tier::kExtended,
     .labels = {"device"},
     .help = "Largest packet that GRO builds from received ones.",
     .source = "RTM_GETLINK IFLA_GRO_MAX_SIZE, since Linux 5.19"},
    {.name = "netstack_link_gso_ipv4_max_size_bytes",
     .path = Path::kTransmit,
     .stage = Stage::kQueue,
     .role = Role::kTunable,
     .tier = Tier::kExtended,
     .labels = {"device"},
     .help = "Largest IPv4 packet handed to the device for segmentation.",
     .source = "RTM_GETLINK IFLA_GSO_IPV4_MAX_SIZE, since Linux 6.3"},
    {.name = "netstack_link_gro_ipv4_max_size_bytes",
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kTunable,
     .tier = Tier::kExtended,
     .labels = {"device"},
     .help = "Largest IPv4 packet that GRO builds from received ones.",
     .source = "RTM_GETLINK IFLA_GRO_IPV4_MAX_SIZE, since Linux 6.3"},
    {.name = "netstack_link_field_unfilled",
     .tier = Tier::kExtended,
     .labels = {"device", "field"},
     .help =
         "1 for a field that this device's driver is not known to fill: its 0 would say nothing.",
     .source = "the table of drivers, and what the device has shown since it appeared",
     .reading = "The family of the field has no sample for this device until it counts something."},
});

// All of the collector's families: the fields of LinkField, then those above.
inline constexpr auto kFamilies = Joined(kStatFamilies, kStateFamilies);
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table after the fields.
enum FamilyIndex : std::size_t {
  kInfo = kLinkFields,
  kOperstate,
  kUp,
  kCarrier,
  kCarrierChanges,
  kCarrierUp,
  kCarrierDown,
  kSpeed,
  kMtu,
  kQueueLength,
  kReceiveQueues,
  kTransmitQueues,
  kGsoMaxSize,
  kGsoMaxSegments,
  kGroMaxSize,
  kGsoIpv4MaxSize,
  kGroIpv4MaxSize,
  kUnfilled,
};
static_assert(kFamilies[kUnfilled].name == "netstack_link_field_unfilled");
static_assert(kFamilies.size() == kUnfilled + 1);

constexpr const Family& FamilyOf(LinkField field) {
  return kFamilies[static_cast<std::size_t>(field)];
}

// Which fields of a device are shown.
struct ShownFields {
  Tier tier = Tier::kCore;
  bool all_of_cards = false;  // All that say something today.

  constexpr bool Has(LinkField field, bool is_card) const {
    if (FamilyOf(field).tier <= tier) return true;
    return all_of_cards && is_card && field != LinkField::kRxCompressed &&
           field != LinkField::kTxCompressed;
  }
};

// Whether a field that is not shown is told to the path families, of a device that is.
constexpr bool FeedsPathOnly(LinkField field, Visibility of_device) {
  return of_device == Visibility::kEverywhere && FamilyOf(field).role == Role::kDrop;
}

// "receive_missed_errors": the family's name without netstack_link_ and _total.
constexpr std::string_view SlugOf(LinkField field) {
  constexpr std::string_view kPrefix = "netstack_link_";
  constexpr std::string_view kSuffix = "_total";
  const std::string_view name = FamilyOf(field).name;
  return name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
}
static_assert(SlugOf(LinkField::kRxOtherhostDropped) == "receive_otherhost_dropped");
static_assert(SlugOf(LinkField::kRxMissedErrors) == "receive_missed_errors");

}  // namespace netstack::link
