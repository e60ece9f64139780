#pragma once

#include <array>

#include "model/family.h"

namespace netstack {

// The families of the contract. Their stage is a label, so that one query shows the whole path.
inline constexpr auto kPathFamilies = std::to_array<Family>({
    {.name = "netstack_path_packets_total",
     .type = MetricType::kCounter,
     .role = Role::kFlow,
     .labels = {"path", "stage", "device"},
     .help = "Packets that passed a stage: frames at wire and ring, skbs elsewhere.",
     .source = "the ledger",
     .reading = "Compare rates within one stage only: GRO and GSO make one skb of many frames."},
    {.name = "netstack_path_drops_total",
     .type = MetricType::kCounter,
     .role = Role::kDrop,
     .labels = {"path", "stage", "class", "cause", "device"},
     .help = "Packets that did not pass a stage, each counted once, by cause.",
     .source = "the ledger",
     .reading = "class=\"loss\" rising: packets die here for want of room, memory or time. error: "
                "they came damaged. policy: a rule or nobody listening. A cause that is more than "
                "one kernel counter starts at 0 with the exporter."},
    {.name = "netstack_path_blind",
     .labels = {"path", "stage", "device", "reason"},
     .help = "1 for a loss that this host cannot show, and why.",
     .source = "the ledger",
     .reading = "No drop here is not the same as nothing lost here."},
    {.name = "netstack_path_pressure_total",
     .type = MetricType::kCounter,
     .role = Role::kPressure,
     .labels = {"path", "stage", "cause", "device"},
     .help = "Events of pressure at a stage: nothing is lost yet.",
     .source = "the ledger"},
    {.name = "netstack_path_saturation_ratio",
     .role = Role::kDepth,
     .labels = {"path", "stage", "resource", "device"},
     .help = "Depth over limit of the worst member (CPU, queue, listener); 1 is full.",
     .source = "the ledger",
     .reading = "It may pass 1: an accept queue holds one more than its limit, the backlog of a "
                "CPU up to twice as much."},
    {.name = "netstack_path_saturation_peak_ratio",
     .role = Role::kDepth,
     .labels = {"path", "stage", "resource", "device"},
     .help = "Depth over limit of the worst member at its worst moment since the look-back; 1 is "
             "full.",
     .source = "the ledger, from eBPF: collectors.queue_peaks",
     .reading = "What netstack_path_saturation_ratio misses between two scrapes. The look-back is "
                "netstack_peak_look_back_seconds."},
    {.name = "netstack_path_wait_seconds",
     .type = MetricType::kHistogram,
     .role = Role::kWait,
     .labels = {"path", "stage"},
     .help = "Time spent waiting in a stage, where it is measured.",
     .source = "the ledger, from eBPF: collectors.napi",
     .reading = "napi, completion: from raising the softirq to its start."},
    {.name = "netstack_stage_info",
     .type = MetricType::kInfo,
     .labels = {"path", "stage", "order", "title"},
     .help = "The stages of the two paths in the packet's order.",
     .source = "the stage map"},
});
static_assert(FirstFault(kPathFamilies) == nullptr);

enum PathFamilyIndex : std::size_t {
  kPathPackets,
  kPathDrops,
  kPathBlind,
  kPathPressure,
  kPathSaturation,
  kPathSaturationPeak,
  kPathWait,
  kStageInfo,
};
static_assert(kPathFamilies[kStageInfo].name == "netstack_stage_info");

}  // namespace netstack
