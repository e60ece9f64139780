#pragma once

#include <array>

#include "model/family.h"

namespace netstack::bonding {

constexpr Family Gauge(std::string_view name, Role role, LabelNames labels, std::string_view help,
                       std::string_view source, std::string_view reading = {}) {
  return {.name = name,
          .path = Path::kTransmit,
          .stage = Stage::kWire,
          .role = role,
          .labels = labels,
          .help = help,
          .source = source,
          .reading = reading};
}

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_bonding_info",
     .type = MetricType::kInfo,
     .path = Path::kTransmit,
     .stage = Stage::kWire,
     .labels = {"device", "mode"},
     .help = "A bond and how it spreads packets over its slaves.",
     .source = "RTM_GETLINK IFLA_BOND_MODE"},
    Gauge("netstack_bonding_slaves", Role::kInfo, {"device"}, "Slaves of a bond.",
          "RTM_GETLINK IFLA_MASTER, IFLA_INFO_SLAVE_KIND"),
    Gauge("netstack_bonding_slaves_up", Role::kInfo, {"device"},
          "Slaves of a bond whose link is up, as the bond sees it.",
          "RTM_GETLINK IFLA_BOND_SLAVE_MII_STATUS",
          "Below netstack_bonding_slaves: redundancy or capacity is lost; at 0 the bond is down."),
    Gauge("netstack_bonding_aggregator_ports", Role::kInfo, {"device"},
          "Slaves in the active aggregator of an 802.3ad bond.",
          "RTM_GETLINK IFLA_BOND_AD_INFO_NUM_PORTS",
          "Fewer than the slaves that are up: the switch has not put all ports into one group."),
    Gauge("netstack_bonding_slave_up", Role::kInfo, {"device", "slave"},
          "1 if the bond sees the slave's link up, or going down after a delay.",
          "RTM_GETLINK IFLA_BOND_SLAVE_MII_STATUS up, going down"),
    Gauge("netstack_bonding_slave_active", Role::kInfo, {"device", "slave"},
          "1 if the slave carries packets, 0 for a backup.", "RTM_GETLINK IFLA_BOND_SLAVE_STATE"),
    Gauge("netstack_bonding_slave_aggregator_number", Role::kInfo, {"device", "slave"},
          "Aggregator that a slave of an 802.3ad bond belongs to.",
          "RTM_GETLINK IFLA_BOND_SLAVE_AD_AGGREGATOR_ID",
          "Different numbers below one bond: the ports do not lead to one partner."),
    {.name = "netstack_bonding_slave_link_failures_total",
     .type = MetricType::kCounter,
     .path = Path::kTransmit,
     .stage = Stage::kWire,
     .role = Role::kPressure,
     .width = Width::k32,
     .labels = {"device", "slave"},
     .help = "Times the bond saw the slave's link fail.",
     .source = "RTM_GETLINK IFLA_BOND_SLAVE_LINK_FAILURE_COUNT; 32 bits",
     .reading = "Rising: cable, optic, or the peer; each failure costs packets in flight."},
});
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t {
  kInfo,
  kSlaves,
  kSlavesUp,
  kAggregatorPorts,
  kSlaveUp,
  kSlaveActive,
  kSlaveAggregator,
  kSlaveLinkFailures,
};
static_assert(kFamilies[kSlaveLinkFailures].name == "netstack_bonding_slave_link_failures_total");
static_assert(kFamilies.size() == kSlaveLinkFailures + 1);

}  // namespace netstack::bonding
