#pragma once

#include <array>

#include "model/family.h"

namespace netstack::qdisc {

inline constexpr LabelNames kQdiscLabels = {"device", "kind", "handle", "parent"};
inline constexpr LabelNames kQueueLabels = {"device", "kind", "handle", "parent", "leaf"};

constexpr Family QueueCounter(std::string_view name, Role role, Width width, std::string_view help,
                              std::string_view source, std::string_view reading) {
  return {.name = name,
          .type = MetricType::kCounter,
          .path = Path::kTransmit,
          .stage = Stage::kQdisc,
          .role = role,
          .width = width,
          .labels = kQueueLabels,
          .help = help,
          .source = source,
          .reading = reading};
}

constexpr Family QdiscGauge(std::string_view name, Role role, LabelNames labels,
                            std::string_view help, std::string_view source,
                            std::string_view reading = {}, Tier tier = Tier::kCore) {
  return {.name = name,
          .path = Path::kTransmit,
          .stage = Stage::kQdisc,
          .role = role,
          .tier = tier,
          .labels = labels,
          .help = help,
          .source = source,
          .reading = reading};
}

// What every kind has. In the order of FamilyIndex.
inline constexpr auto kQueueFamilies = std::to_array<Family>({
    QueueCounter("netstack_qdisc_bytes_total", Role::kFlow, Width::k64,
                 "Bytes a queueing discipline let through.",
                 "RTM_GETQDISC TCA_STATS2 TCA_STATS_BASIC bytes",
                 "A parent repeats its children: parent=\"root\" has each packet once, and so have "
                 "leaf=\"1\" together."),
    QueueCounter("netstack_qdisc_packets_total", Role::kFlow, Width::k64,
                 "Packets a queueing discipline let through, counted by segment where they are "
                 "segmented later.",
                 "RTM_GETQDISC TCA_STATS2 TCA_STATS_BASIC packets, TCA_STATS_PKT64",
                 "A parent repeats its children: parent=\"root\" has each packet once."),
    QueueCounter("netstack_qdisc_drops_total", Role::kDrop, Width::k32,
                 "Packets a queueing discipline threw away, for want of room or to keep the delay "
                 "short.",
                 "RTM_GETQDISC TCA_STATS2 TCA_STATS_QUEUE drops; 32 bits",
                 "Rising: more is sent than the link or the shaper lets through. A parent repeats "
                 "its children. TCP sends again, UDP senders see ENOBUFS."),
    QueueCounter("netstack_qdisc_requeues_total", Role::kPressure, Width::k32,
                 "Packets the driver had no room for after they were dequeued.",
                 "RTM_GETQDISC TCA_STATS2 TCA_STATS_QUEUE requeues; 32 bits",
                 "Rising: the transmit ring is full, or another CPU holds its lock."),
    QueueCounter("netstack_qdisc_overlimits_total", Role::kPressure, Width::k32,
                 "Times a shaper or an active queue management held a packet back, marked or "
                 "dropped it.",
                 "RTM_GETQDISC TCA_STATS2 TCA_STATS_QUEUE overlimits; 32 bits",
                 "Normal for a shaper at its rate; one packet can count several times."),
    QdiscGauge("netstack_qdisc_queue_length_packets", Role::kDepth, kQueueLabels,
               "Packets waiting in a queueing discipline.",
               "RTM_GETQDISC TCA_STATS2 TCA_STATS_QUEUE qlen",
               "Hold against netstack_qdisc_limit_packets."),
    QdiscGauge("netstack_qdisc_backlog_bytes", Role::kDepth, kQueueLabels,
               "Bytes waiting in a queueing discipline.",
               "RTM_GETQDISC TCA_STATS2 TCA_STATS_QUEUE backlog",
               "Over the rate of the link it is the delay that the host itself adds."),
    QdiscGauge("netstack_qdisc_queue_length_max_packets", Role::kDepth, kQdiscLabels,
               "Packets waiting in the longest of many queues that are shown together.",
               "RTM_GETQDISC TCA_STATS2 TCA_STATS_QUEUE qlen"),
    QdiscGauge("netstack_qdisc_backlog_max_bytes", Role::kDepth, kQdiscLabels,
               "Bytes waiting in the longest of many queues that are shown together.",
               "RTM_GETQDISC TCA_STATS2 TCA_STATS_QUEUE backlog"),
    QdiscGauge("netstack_qdisc_limit_packets", Role::kLimit, kQdiscLabels,
               "Packets a queueing discipline may hold.",
               "RTM_GETQDISC TCA_OPTIONS; for pfifo_fast IFLA_TXQLEN of the device",
               "pfifo_fast has three queues of that length. The limit of classes below a parent is "
               "their own."),
    QdiscGauge("netstack_qdisc_limit_bytes", Role::kLimit, kQdiscLabels,
               "Bytes a queueing discipline may hold.", "RTM_GETQDISC TCA_OPTIONS"),
    QdiscGauge("netstack_qdisc_memory_limit_bytes", Role::kLimit, kQdiscLabels,
               "Memory that the packets of a queueing discipline may take, overhead included.",
               "RTM_GETQDISC TCA_OPTIONS; for cake TCA_STATS_APP", "", Tier::kExtended),
    QdiscGauge("netstack_qdisc_memory_usage_bytes", Role::kDepth, kQdiscLabels,
               "Memory that the packets of a queueing discipline take, overhead included.",
               "RTM_GETQDISC TCA_STATS2 TCA_STATS_APP memory_usage",
               "Part of netstack_qdisc_fill_ratio.", Tier::kExtended),
    QdiscGauge("netstack_qdisc_fill_ratio", Role::kDepth, {"device"},
               "Depth over limit of the fullest queueing discipline of a device.",
               "packets, bytes and memory over their limits",
               "Near 1: the next burst is dropped. pfifo_fast is held against one of its three "
               "queues and may pass 1."),
    {.name = "netstack_qdisc_ingress_drops_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kIngress,
     .role = Role::kDrop,
     .width = Width::k32,
     .labels = {"device"},
     .help = "Packets dropped by a filter of an ingress qdisc.",
     .source = "RTM_GETQDISC of kind ingress, TCA_STATS_QUEUE drops; 32 bits",
     .reading = "A decision of a filter, not a loss of capacity."},
    {.name = "netstack_qdisc_clsact_drops_total",
     .type = MetricType::kCounter,
     .path = Path::kTransmit,
     .stage = Stage::kEgress,
     .role = Role::kDrop,
     .width = Width::k32,
     .labels = {"device", "direction"},
     .help = "Packets dropped by a filter of a clsact qdisc.",
     .source = "RTM_GETQDISC of kind clsact, TCA_STATS_QUEUE drops; 32 bits. The direction is that "
               "of the filters (RTM_GETTFILTER) where they hang in one only when drops are seen",
     .reading = "The kernel has one counter for ingress and egress: either, where both have "
                "filters. Programs attached with tcx are not counted."},
});

}  // namespace netstack::qdisc
