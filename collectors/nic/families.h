#pragma once

#include <array>
#include <string_view>

#include "model/family.h"

namespace netstack::nic {

inline constexpr std::string_view kQueueSource =
    "netdev QSTATS_GET, since Linux 6.9, for what the driver tells there; else ethtool -S, by the "
    "table of the driver's names";

// One model whatever the driver. Without `queue`: of the device, or the sum of its queues.
inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_queue_packets_total",
     .type = MetricType::kCounter,
     .role = Role::kFlow,
     .labels = {"device", "direction", "queue"},
     .help = "Packets of a network card's queue, as its driver counts them.",
     .source = kQueueSource,
     .reading = "One queue far ahead of the others: its CPU will be the first that is too slow."},
    {.name = "netstack_queue_bytes_total",
     .type = MetricType::kCounter,
     .role = Role::kFlow,
     .labels = {"device", "direction", "queue"},
     .help = "Bytes of a network card's queue, as its driver counts them.",
     .source = kQueueSource},
    {.name = "netstack_queue_drops_total",
     .type = MetricType::kCounter,
     .role = Role::kDrop,
     .labels = {"device", "direction", "queue", "cause"},
     .help = "Packets that a network card or its driver threw away, by cause.",
     .source = kQueueSource,
     .reading = "Repeats netstack_link_* where the driver adds them up there: look here for the "
                "queue and the cause, and do not add the two."},
    {.name = "netstack_queue_events_total",
     .type = MetricType::kCounter,
     .role = Role::kPressure,
     .labels = {"device", "direction", "queue", "event"},
     .help = "Events of a network card's queue that lose nothing by themselves: stops, full rings, "
             "failed allocations.",
     .source = kQueueSource},
    {.name = "netstack_queue_ring_overruns_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .role = Role::kDrop,
     .labels = {"device", "queue"},
     .help = "Frames lost for want of a receive buffer that "
             "netstack_link_receive_missed_errors_total does not have.",
     .source =
         "netdev rx-hw-drop-overruns of virtio_net; ethtool -S of vmxnet3 'pkts rx OOB', ixgbe "
         "rx_no_dma_resources, gve rx_queue_drop_cnt and rx_no_buffers_posted; of the port's own "
         "buffer i40e port.rx_discards, ice rx_dropped.nic, bnx2x rx_brb_discard, qede "
         "brb_discards, mlx5_core rx_discards_phy",
     .reading = "The host was too slow to empty the ring: a larger ring, more queues, or more CPU. "
                "Of the port's buffer: the bus or the card was; pause frames, no larger ring."},
    {.name = "netstack_queue_most_packets_total",
     .type = MetricType::kCounter,
     .role = Role::kFlow,
     .labels = {"device", "direction"},
     .help = "Packets of the queue that had the most, of a card whose queues are shown together.",
     .source = kQueueSource,
     .reading = "Far above the sum over the number of queues: the load is uneven."},
    {.name = "netstack_queue_least_packets_total",
     .type = MetricType::kCounter,
     .role = Role::kFlow,
     .labels = {"device", "direction"},
     .help = "Packets of the queue that had the least, of a card whose queues are shown together.",
     .source = kQueueSource},
    {.name = "netstack_queue_most_drops_total",
     .type = MetricType::kCounter,
     .role = Role::kDrop,
     .labels = {"device", "direction", "cause"},
     .help = "Packets that the worst queue lost, of a card whose queues are shown together.",
     .source = kQueueSource},
    {.name = "netstack_queue_offload_packets_total",
     .type = MetricType::kCounter,
     .role = Role::kInfo,
     .tier = Tier::kExtended,
     .labels = {"device", "direction", "queue", "kind"},
     .help =
         "Packets for which a network card did some of the kernel's work, or did not: checksums, "
         "segments merged and split.",
     .source =
         "netdev QSTATS_GET rx-csum-*, tx-*csum*, rx-hw-gro-* and tx-hw-gso-*, since Linux 6.10; "
         "few drivers",
     .reading = "checksum_none rising: the CPU checks each packet. hw_gro_wire over hw_gro: frames "
                "that were merged into one packet."},
    {.name = "netstack_queue_offload_bytes_total",
     .type = MetricType::kCounter,
     .role = Role::kInfo,
     .tier = Tier::kExtended,
     .labels = {"device", "direction", "queue", "kind"},
     .help = "Bytes of packets that a network card merged or split.",
     .source =
         "netdev QSTATS_GET rx-hw-gro-bytes and tx-hw-gso-bytes, since Linux 6.10; few drivers"},
    {.name = "netstack_ethtool_stat",
     .role = Role::kInfo,
     .labels = {"device", "stat"},
     .help = "A driver's statistic as it comes; counter or not.",
     .source = "ethtool -S; of a driver without a table names with err, drop, over, miss, timeout, "
               "reset, restart or collis, and what raw-include names",
     .reading = "Only the driver's documentation knows what it means and what it repeats."},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table.
enum FamilyIndex : std::size_t {
  kPackets,
  kBytes,
  kDrops,
  kEvents,
  kRingOverruns,
  kMostPackets,
  kLeastPackets,
  kMostDrops,
  kOffloadPackets,
  kOffloadBytes,
  kRaw,
};
static_assert(kFamilies[kRaw].name == "netstack_ethtool_stat");

}  // namespace netstack::nic
