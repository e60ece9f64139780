#pragma once

#include <array>

#include "model/family.h"

namespace netstack::nic {

// One model whatever the driver. Without `queue`: of the device, or the sum of its queues.
inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_queue_packets_total",
     .type = MetricType::kCounter,
     .role = Role::kFlow,
     .labels = {"device", "direction", "queue"},
     .help = "Packets of a network card's queue, as its driver counts them.",
     .source = "ethtool -S, by the table of the driver's names",
     .reading = "One queue far ahead of the others: its CPU will be the first that is too slow."},
    {.name = "netstack_queue_bytes_total",
     .type = MetricType::kCounter,
     .role = Role::kFlow,
     .labels = {"device", "direction", "queue"},
     .help = "Bytes of a network card's queue, as its driver counts them.",
     .source = "ethtool -S, by the table of the driver's names"},
    {.name = "netstack_queue_drops_total",
     .type = MetricType::kCounter,
     .role = Role::kDrop,
     .labels = {"device", "direction", "queue", "cause"},
     .help = "Packets that a network card or its driver threw away, by cause.",
     .source = "ethtool -S, by the table of the driver's names",
     .reading = "Repeats netstack_link_* where the driver adds them up there: look here for the "
                "queue and the cause, and do not add the two."},
    {.name = "netstack_queue_events_total",
     .type = MetricType::kCounter,
     .role = Role::kPressure,
     .labels = {"device", "direction", "queue", "event"},
     .help = "Events of a network card's queue that lose nothing by themselves: stops, full rings, "
             "failed allocations.",
     .source = "ethtool -S, by the table of the driver's names"},
    {.name = "netstack_queue_ring_overruns_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .role = Role::kDrop,
     .labels = {"device", "queue"},
     .help = "Frames lost for want of a receive buffer that netstack_link_* does not have.",
     .source = "ethtool -S of drivers that leave rx_missed_errors empty: vmxnet3 'pkts rx OOB'",
     .reading =
         "The host was too slow to empty the ring: a larger ring, more queues, or more CPU."},
    {.name = "netstack_ethtool_stat",
     .role = Role::kInfo,
     .labels = {"device", "stat"},
     .help = "A statistic of a driver that has no table here, as it comes; counter or not.",
     .source = "ethtool -S, names with err, drop, over, miss, timeout, reset, restart or collis",
     .reading = "Only the driver's documentation knows what it means and what it repeats."},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table.
enum FamilyIndex : std::size_t { kPackets, kBytes, kDrops, kEvents, kRingOverruns, kRaw };
static_assert(kFamilies[kRaw].name == "netstack_ethtool_stat");

}  // namespace netstack::nic
