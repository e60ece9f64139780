#pragma once

#include <array>

#include "model/family.h"

namespace netstack::irq {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_irq_interrupts_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kIrq,
     .role = Role::kFlow,
     .width = Width::k32,
     .labels = {"device", "direction", "queue"},
     .help = "Interrupts of a network card's queue; without direction and queue, those for link "
             "and administration.",
     .source =
         "/proc/interrupts, rows whose action the driver named after the device; where that is "
         "hidden /sys/kernel/irq/N/actions and per_cpu_count",
     .reading = "Against the packets of the device: how many one interrupt brings. Busy polling "
                "and deferred interrupts raise no interrupt at all."},
    {.name = "netstack_irq_cpu_interrupts_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kIrq,
     .role = Role::kFlow,
     .width = Width::k32,
     .labels = {"device", "cpu"},
     .help =
         "Interrupts of a network card that a CPU took; without device, of all cards, on a host "
         "with more than two.",
     .source = "/proc/interrupts",
     .reading = "All on one CPU while others idle: look at the affinity and the number of queues."},
    {.name = "netstack_irq_matrix_interrupts_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kIrq,
     .role = Role::kFlow,
     .width = Width::k32,
     .labels = {"device", "irq", "cpu"},
     .help = "Interrupts by number and CPU; only with the option matrix.",
     .source = "/proc/interrupts"},
    {.name = "netstack_irq_affinity_info",
     .type = MetricType::kInfo,
     .path = Path::kReceive,
     .stage = Stage::kIrq,
     .role = Role::kTunable,
     .tier = Tier::kExtended,
     .labels = {"device", "irq", "direction", "queue", "cpus", "allowed_cpus", "numa_node"},
     .help = "Where a network card's interrupt goes, where it may go, and the memory node of its "
             "device.",
     .source = "/proc/irq/N/effective_affinity_list, smp_affinity_list and node",
     .reading = "A CPU of another memory node than the card's costs time for each packet."},
    {.name = "netstack_irq_affinity_age_seconds",
     .tier = Tier::kExtended,
     .help = "Time since it was read where interrupts go and may go.",
     .source = "The exporter's own clock.",
     .reading = "It is read when interrupts come or go and when older than settings-max-age."},
    {.name = "netstack_irq_handler_seconds",
     .type = MetricType::kHistogram,
     .path = Path::kReceive,
     .stage = Stage::kIrq,
     .role = Role::kFlow,
     .labels = {"device"},
     .help =
         "Time that the handlers of a network card's interrupts took, with interrupts off; only "
         "with the option handler-time.",
     .source = "tracepoints irq:irq_handler_entry and irq:irq_handler_exit; of a line that several "
               "devices share, the handlers of all",
     .reading = "The count rises as netstack_irq_interrupts_total does. Long ones delay everything "
                "else on that CPU, and are no part of the softirq's times."},
    {.name = "netstack_irq_handlers_untimed",
     .help = "Interrupts of network cards that are not timed: numbers from 16384 on, or of more "
             "than 63 cards; only with the option handler-time.",
     .source = "the exporter"},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table.
enum FamilyIndex : std::size_t {
  kInterrupts,
  kCpuInterrupts,
  kMatrix,
  kAffinity,
  kAge,
  kHandler,
  kUntimed,
};
static_assert(kFamilies[kAge].name == "netstack_irq_affinity_age_seconds");
static_assert(kFamilies.size() == kUntimed + 1);

}  // namespace netstack::irq
