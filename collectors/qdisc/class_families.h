#pragma once

#include <array>
#include <string_view>

#include "model/family.h"

namespace netstack::qdisc {

constexpr Family ClassFamily(std::string_view name, MetricType type, Role role, Width width,
                             std::string_view help, std::string_view source,
                             std::string_view reading = {}) {
  return {.name = name,
          .type = type,
          .path = Path::kTransmit,
          .stage = Stage::kQdisc,
          .role = role,
          .width = width,
          .labels = {"device", "kind", "class", "parent"},
          .help = help,
          .source = source,
          .reading = reading};
}

// Classes of shapers and schedulers (htb, hfsc, drr, qfq). In the order of FamilyIndex.
inline constexpr auto kClassFamilies = std::to_array<Family>({
    {.name = "netstack_qdisc_classes",
     .path = Path::kTransmit,
     .stage = Stage::kQdisc,
     .labels = {"device", "kind", "handle"},
     .help = "Classes of a queueing discipline; at most 64 of them are shown.",
     .source = "RTM_GETTCLASS"},
    ClassFamily("netstack_qdisc_class_bytes_total", MetricType::kCounter, Role::kFlow, Width::k64,
                "Bytes a class let through.", "RTM_GETTCLASS TCA_STATS2 TCA_STATS_BASIC bytes",
                "Inner classes repeat those below them."),
    ClassFamily("netstack_qdisc_class_packets_total", MetricType::kCounter, Role::kFlow, Width::k64,
                "Packets a class let through.",
                "RTM_GETTCLASS TCA_STATS2 TCA_STATS_BASIC packets, TCA_STATS_PKT64"),
    ClassFamily("netstack_qdisc_class_drops_total", MetricType::kCounter, Role::kDrop, Width::k32,
                "Packets that a class lost.",
                "RTM_GETTCLASS TCA_STATS2 TCA_STATS_QUEUE drops; 32 bits",
                "Repeats the drops of the queueing discipline: look here for the class."),
    ClassFamily("netstack_qdisc_class_overlimits_total", MetricType::kCounter, Role::kPressure,
                Width::k32, "Times that a class was at its ceiling.",
                "RTM_GETTCLASS TCA_STATS2 TCA_STATS_QUEUE overlimits; 32 bits"),
    ClassFamily("netstack_qdisc_class_queue_length_packets", MetricType::kGauge, Role::kDepth,
                Width::k64, "Packets waiting in a class.",
                "RTM_GETTCLASS TCA_STATS2 TCA_STATS_QUEUE qlen"),
    ClassFamily("netstack_qdisc_class_backlog_bytes", MetricType::kGauge, Role::kDepth, Width::k64,
                "Bytes waiting in a class.", "RTM_GETTCLASS TCA_STATS2 TCA_STATS_QUEUE backlog"),
    ClassFamily("netstack_qdisc_class_rate_bytes_per_second", MetricType::kGauge, Role::kTunable,
                Width::k64, "Rate that an htb class is sure of.",
                "RTM_GETTCLASS TCA_HTB_PARMS rate, TCA_HTB_RATE64"),
    ClassFamily("netstack_qdisc_class_ceiling_bytes_per_second", MetricType::kGauge, Role::kTunable,
                Width::k64, "Rate that an htb class never passes.",
                "RTM_GETTCLASS TCA_HTB_PARMS ceil, TCA_HTB_CEIL64",
                "Held against the rate of bytes: near it, the class is the bottleneck."),
    ClassFamily("netstack_qdisc_class_htb_lends_total", MetricType::kCounter, Role::kFlow,
                Width::k32, "Packets an htb class sent out of its own rate.",
                "RTM_GETTCLASS TCA_STATS_APP lends; 32 bits"),
    ClassFamily("netstack_qdisc_class_htb_borrows_total", MetricType::kCounter, Role::kPressure,
                Width::k32, "Packets an htb class sent out of its parent's rate.",
                "RTM_GETTCLASS TCA_STATS_APP borrows; 32 bits",
                "Most of the packets: the class's own rate is too small for what it does."),
    ClassFamily("netstack_qdisc_class_htb_giants_total", MetricType::kCounter, Role::kInfo,
                Width::k32, "Packets larger than an htb class reckons with.",
                "RTM_GETTCLASS TCA_STATS_APP giants; 32 bits",
                "Rising: the rate is not kept exactly; set the mtu of the class."),
});

}  // namespace netstack::qdisc
