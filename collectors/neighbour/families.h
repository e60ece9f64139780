#pragma once

#include <array>

#include "model/family.h"

namespace netstack::neighbour {

constexpr Family Counter(std::string_view name, Role role, std::string_view help,
                         std::string_view source, std::string_view reading = {}) {
  return {.name = name,
          .type = MetricType::kCounter,
          .path = Path::kTransmit,
          .stage = Stage::kNeighbour,
          .role = role,
          .labels = {"ip_version"},
          .help = help,
          .source = source,
          .reading = reading};
}

constexpr Family Gauge(std::string_view name, Role role, std::string_view help,
                       std::string_view source, std::string_view reading = {}) {
  return {.name = name,
          .path = Path::kTransmit,
          .stage = Stage::kNeighbour,
          .role = role,
          .labels = {"ip_version"},
          .help = help,
          .source = source,
          .reading = reading};
}

constexpr Family Extended(Family family) {
  family.tier = Tier::kExtended;
  return family;
}

inline constexpr auto kFamilies = std::to_array<Family>({
    Gauge("netstack_neighbour_entries", Role::kDepth,
          "Entries of the ARP (4) or neighbour discovery (6) table, all network namespaces "
          "together.",
          "RTM_GETNEIGHTBL NDTA_CONFIG ndtc_entries",
          "Hold against netstack_neighbour_gc_threshold3_entries, for which permanent entries do "
          "not count since Linux 5.0."),
    Extended(Gauge("netstack_neighbour_gc_threshold1_entries", Role::kTunable,
                   "Below so many entries nothing is collected (gc_thresh1).",
                   "RTM_GETNEIGHTBL NDTA_THRESH1")),
    Extended(Gauge("netstack_neighbour_gc_threshold2_entries", Role::kTunable,
                   "Above so many entries old ones are collected at once (gc_thresh2).",
                   "RTM_GETNEIGHTBL NDTA_THRESH2")),
    Gauge("netstack_neighbour_gc_threshold3_entries", Role::kLimit,
          "So many entries fit into the table (gc_thresh3).", "RTM_GETNEIGHTBL NDTA_THRESH3",
          "Reached: packets to new neighbours are lost. Raise "
          "net.ipv4.neigh.default.gc_thresh3 and its like of IPv6."),
    Counter("netstack_neighbour_table_full_total", Role::kDrop,
            "Times there was no room for a new entry; the packet was lost.",
            "RTM_GETNEIGHTBL NDTA_STATS ndts_table_fulls; since Linux 4.1",
            "Rising: raise gc_thresh3, or find out who asks for so many addresses."),
    Counter("netstack_neighbour_unresolved_discards_total", Role::kDrop,
            "Packets lost because the queue of an unresolved neighbour was full.",
            "/proc/net/stat/arp_cache and ndisc_cache unresolved_discards; the initial network "
            "namespace only",
            "Rising: a neighbour does not answer and much is sent to it; see "
            "netstack_neighbour_resolution_failures_total."),
    Counter("netstack_neighbour_resolution_failures_total", Role::kPressure,
            "Neighbours that did not answer; what waited for them was lost.",
            "RTM_GETNEIGHTBL NDTA_STATS ndts_res_failed",
            "Rising: addresses on the local network that nobody has."),
    Counter("netstack_neighbour_forced_gc_runs_total", Role::kPressure,
            "Times the table was searched for old entries because it was too large.",
            "RTM_GETNEIGHTBL NDTA_STATS ndts_forced_gc_runs",
            "Rising: more than gc_thresh2 entries are in use; costs CPU time under a lock."),
    Extended(Counter("netstack_neighbour_periodic_gc_runs_total", Role::kInfo,
                     "Regular searches for old entries.",
                     "RTM_GETNEIGHTBL NDTA_STATS ndts_periodic_gc_runs")),
    Counter("netstack_neighbour_allocations_total", Role::kFlow, "Entries made.",
            "RTM_GETNEIGHTBL NDTA_STATS ndts_allocs"),
    Counter("netstack_neighbour_destroys_total", Role::kFlow, "Entries freed.",
            "RTM_GETNEIGHTBL NDTA_STATS ndts_destroys"),
    Extended(Counter("netstack_neighbour_hash_grows_total", Role::kInfo,
                     "Times the table was enlarged.",
                     "RTM_GETNEIGHTBL NDTA_STATS ndts_hash_grows")),
    Extended(Counter("netstack_neighbour_lookups_total", Role::kFlow,
                     "Searches of the table on the slow path.",
                     "RTM_GETNEIGHTBL NDTA_STATS ndts_lookups")),
    Extended(Counter("netstack_neighbour_hits_total", Role::kFlow,
                     "Searches on the slow path that found an entry.",
                     "RTM_GETNEIGHTBL NDTA_STATS ndts_hits")),
    Extended(Counter("netstack_neighbour_multicast_probes_received_total", Role::kFlow,
                     "Neighbour solicitations received that were sent to a group; IPv6.",
                     "RTM_GETNEIGHTBL NDTA_STATS ndts_rcv_probes_mcast")),
    Extended(Counter("netstack_neighbour_unicast_probes_received_total", Role::kFlow,
                     "Neighbour solicitations received that were sent to this host; IPv6.",
                     "RTM_GETNEIGHTBL NDTA_STATS ndts_rcv_probes_ucast")),
    {.name = "netstack_neighbour_state_entries",
     .path = Path::kTransmit,
     .stage = Stage::kNeighbour,
     .role = Role::kDepth,
     .labels = {"ip_version", "state"},
     .help = "Entries of this network namespace by state.",
     .source = "RTM_GETNEIGH ndm_state; none, delay, probe, noarp and permanent are left out while "
               "0",
     .reading = "Many incomplete or failed: somebody asks for addresses that nobody has."},
});
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t {
  kEntries,
  kThreshold1,
  kThreshold2,
  kThreshold3,
  kTableFull,
  kUnresolvedDiscards,
  kResolutionFailures,
  kForcedGcRuns,
  kPeriodicGcRuns,
  kAllocations,
  kDestroys,
  kHashGrows,
  kLookups,
  kHits,
  kMulticastProbes,
  kUnicastProbes,
  kStateEntries,
};
static_assert(kFamilies[kStateEntries].name == "netstack_neighbour_state_entries");
static_assert(kFamilies.size() == kStateEntries + 1);

}  // namespace netstack::neighbour
