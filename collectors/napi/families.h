#pragma once

#include <array>

#include "model/family.h"

namespace netstack::napi {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_napi_polls_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kFlow,
     .labels = {"device"},
     .help =
         "Polls of a device's queues since the exporter started. Without a device: those of the "
         "CPUs' backlogs, of container ports and of other network namespaces.",
     .source = "tracepoint napi:napi_poll"},
    {.name = "netstack_napi_work_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kFlow,
     .labels = {"device"},
     .help = "Packets that polls took off a device's queues since the exporter started.",
     .source = "tracepoint napi:napi_poll work",
     .reading = "Over polls: the packets of a poll. Few: interrupts are not coalesced."},
    {.name = "netstack_napi_budget_exhausted_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kPressure,
     .labels = {"device"},
     .help = "Polls that ended because their budget of packets was used up since the exporter "
             "started.",
     .source = "tracepoint napi:napi_poll work and budget",
     .reading = "A large part of the polls: the device brings packets faster than its CPU takes "
                "them. More queues, more CPUs."},
    {.name = "netstack_napi_work_per_poll",
     .type = MetricType::kHistogram,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kFlow,
     .labels = {"device"},
     .help = "Packets of a poll.",
     .source = "tracepoint napi:napi_poll work"},
    {.name = "netstack_softirq_wait_seconds",
     .type = MetricType::kHistogram,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kWait,
     .labels = {"vector", "context"},
     .help = "Time from raising a softirq of the network to its start, by where it ran: at the end "
             "of an interrupt or of whatever held it off (interrupt), or in ksoftirqd.",
     .source = "tracepoints irq:softirq_raise and irq:softirq_entry",
     .reading = "Long waits in ksoftirqd: the CPU has more packets than time, and packets wait for "
                "the scheduler."},
    {.name = "netstack_softirq_run_seconds",
     .type = MetricType::kHistogram,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kFlow,
     .labels = {"vector", "context"},
     .help = "Time that a run of a softirq of the network took.",
     .source = "tracepoints irq:softirq_entry and irq:softirq_exit",
     .reading = "Bounded by net.core.netdev_budget_usecs and the length of a poll."},
    {.name = "netstack_napi_queue_polls_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kFlow,
     .labels = {"device", "direction", "queue"},
     .help = "Polls of a network card's queue since the exporter found it; of both queues of that "
             "number if one instance polls them (combined).",
     .source = "tracepoint napi:napi_poll napi_id; its queue from netdev netlink QUEUE_GET"},
    {.name = "netstack_napi_queue_work_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kFlow,
     .labels = {"device", "direction", "queue"},
     .help = "Packets that polls took off a network card's queue since the exporter found it.",
     .source = "tracepoint napi:napi_poll work",
     .reading = "One queue far above the others: the card's hash puts its packets together, or "
                "few connections bring most of them."},
    {.name = "netstack_napi_queue_budget_exhausted_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kPressure,
     .labels = {"device", "direction", "queue"},
     .help = "Polls of a network card's queue that used up their budget since the exporter found "
             "it.",
     .source = "tracepoint napi:napi_poll work and budget",
     .reading = "Of one queue only: its CPU is the bottleneck, not the card."},
    {.name = "netstack_napi_queues_state",
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kInfo,
     .labels = {"device", "state"},
     .help = "Whether a network card's polls are shown by queue: shown; many (more than 16 in a "
             "direction: see the option per-queue); unknown (the kernel, before 6.8, or the driver "
             "does not tell which NAPI instance polls which queue).",
     .source = "netdev netlink QUEUE_GET napi-id"},
});
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t {
  kPolls,
  kWork,
  kExhausted,
  kWorkPerPoll,
  kWait,
  kRun,
  kQueuePolls,
  kQueueWork,
  kQueueExhausted,
  kQueuesState,
};
static_assert(kFamilies.size() == kQueuesState + 1);

}  // namespace netstack::napi
