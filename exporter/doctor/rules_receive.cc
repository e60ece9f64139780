#include "exporter/doctor/compute.h"
#include "exporter/doctor/rule.h"

namespace netstack {
namespace {

constexpr std::string_view kDrops = "netstack_path_drops_total";
constexpr std::string_view kTunable = "netstack_tunable";

constexpr Selector Lost(std::string_view stage, std::string_view cause) {
  return {kDrops, {{{"path", "receive"}, {"stage", stage}, {"cause", cause}, {"class", "loss"}}}};
}

constexpr auto kRingFacts = std::to_array<FactRow>({
    {"now",
     Measure::kNow,
     {kTunable, {{{"name", "ethtool.rings.rx"}, {"device", "{device}"}, {"field", "current"}}}}},
    {"max",
     Measure::kNow,
     {kTunable, {{{"name", "ethtool.rings.rx"}, {"device", "{device}"}, {"field", "max"}}}}},
    {"queues",
     Measure::kNow,
     {kTunable,
      {{{"name", "ethtool.channels.combined"}, {"device", "{device}"}, {"field", "current"}}}}},
    {"max_queues",
     Measure::kNow,
     {kTunable,
      {{{"name", "ethtool.channels.combined"}, {"device", "{device}"}, {"field", "max"}}}}},
    {"usecs",
     Measure::kNow,
     {kTunable, {{{"name", "ethtool.coalesce.rx-usecs"}, {"device", "{device}"}}}}},
    {"squeezes", Measure::kRise, {"netstack_softnet_time_squeeze_total"}},
    {"pauses",
     Measure::kRise,
     {"netstack_ethtool_pause_frames_sent_total", {{{"device", "{device}"}}}}},
    {"driver", Measure::kWord, {"netstack_link_info", {{{"device", "{device}"}}}}, "driver"},
    {"overruns",
     Measure::kRise,
     {"netstack_queue_ring_overruns_total", {{{"device", "{device}"}}}}},
    {"worst_queue",
     Measure::kWorstMember,
     {"netstack_queue_ring_overruns_total", {{{"device", "{device}"}}}},
     "queue"},
});

constexpr std::string_view kXdpVerify =
    "netstack_path_drops_total{stage=\"xdp\",class=\"loss\"} of {device} stands still.";

constexpr std::array<Remark, 6> kRingChecks = {{
    {"time_squeeze did not rise: softirq runs were not cut short, so this is a burst or a CPU that "
     "came too late, not netdev_budget.",
     Equals("squeezes", 0)},
    {"time_squeeze rose by {squeezes}: softirq runs ended with work left, so the CPU that polls "
     "this "
     "ring is short of time; a larger ring alone may not end it.",
     Above("squeezes", 0)},
    {"Interrupts are held back for {usecs} us (rx-usecs), during which the ring fills.",
     Above("usecs", 100)},
    {"Pause frames sent rose by {pauses}: the card itself told its peer to slow down.",
     Above("pauses", 0)},
    {"{port_lost} of them were lost in the buffer of the port, which a larger ring does not help.",
     Above("port_lost", 0)},
}};

constexpr std::array<Remark, 6> kPortChecks = {{
    {"None of them was lost for want of a descriptor: a larger ring would change nothing.",
     Equals("ring_lost", 0)},
    {"{ring_lost} of them found no descriptor; a larger ring would help these.",
     Above("ring_lost", 0)},
    {"Pause frames sent rose by {pauses}: the peer was asked to wait already.", Above("pauses", 0)},
    {"No pause frame was sent: the peer was not asked to wait.", Equals("pauses", 0)},
    {"Interrupts are held back for {usecs} us (rx-usecs): the work comes in bursts.",
     Above("usecs", 100)},
}};

constexpr std::string_view kRingVerify =
    "netstack_path_drops_total{stage=\"ring\"} of {device} stands still: run the doctor again.";

constexpr auto kBacklogFacts = std::to_array<FactRow>({
    {"now", Measure::kNow, {kTunable, {{{"name", "net.core.netdev_max_backlog"}}}}},
    {"lost", Measure::kWorstRise, {"netstack_softnet_dropped_total"}},
    {"cpu", Measure::kWorstMember, {"netstack_softnet_dropped_total"}, "cpu"},
    {"cpus_dropping", Measure::kRisen, {"netstack_softnet_dropped_total"}},
    {"cpus", Measure::kCount, {"netstack_softnet_dropped_total"}},
    {"squeezes", Measure::kRise, {"netstack_softnet_time_squeeze_total"}},
    {"flow_limited", Measure::kRise, {"netstack_softnet_flow_limit_total"}},
    {"rps_cpus", Measure::kMost, {"netstack_queue_rps_cpus"}},
    {"budget", Measure::kNow, {kTunable, {{{"name", "net.core.netdev_budget"}}}}},
    {"usecs", Measure::kNow, {kTunable, {{{"name", "net.core.netdev_budget_usecs"}}}}},
    {"visible", Measure::kNow, {"netstack_host_network_visible"}},
});

constexpr auto kRules = std::to_array<Rule>({
    {.id = "port_buffer_full",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .evidence = Lost("ring", "ring_overrun"),
     .facts = kRingFacts,
     .compute = {LossesOfPort},
     .when = {Above("port_lost", 0), AtLeastFact("port_lost", "ring_lost")},
     .title = "{device} lost {rise} frames, {port_lost} of them in the buffer of its port",
     .cause = "The card ran out of room before it looked for a descriptor: it could not move "
              "frames to memory in time. The bus, power saving of CPU and PCIe, or bursts.",
     .checked = kPortChecks,
     .change = {{{"ethtool -A {device} rx on tx on",
                  "Let the card ask its peer to wait, if nothing is shared with that link."},
                 {"",
                  "See whether the card has the lanes and the speed it is made for (LnkSta and "
                  "LnkCap of lspci -vv), and keep CPUs out of deep idle states."},
                 {"", "Let interrupts come sooner (ethtool -C {device} rx-usecs).",
                  Above("usecs", 100)}}},
     .cost = "Pause stops all traffic of the link, also what would not have been lost.",
     .verify = kRingVerify,
     .undo = "ethtool -A {device} rx off tx off"},
    {.id = "ring_too_small",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .evidence = Lost("ring", "ring_overrun"),
     .facts = kRingFacts,
     .compute = {TowardMaximum, LossesOfPort},
     .when = {BelowFact("now", "max")},
     .title = "{device} lost {rise} frames because its receive ring had no free descriptor",
     .also = {{{"Queue {worst_queue} lost the most.", Known("worst_queue")}}},
     .cause = "The host emptied the ring too late, and the ring is smaller than the card allows: "
              "{now} of at most {max} descriptors.",
     .checked = kRingChecks,
     .change = {{{"ethtool -G {device} rx {new}",
                  "Most drivers take the link down for a moment."}}},
     .cost = "Memory for the descriptors, and with a slow CPU more delay instead of loss.",
     .verify = kRingVerify,
     .undo = "ethtool -G {device} rx {now}"},
    {.id = "ring_too_few_queues",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .evidence = Lost("ring", "ring_overrun"),
     .facts = kRingFacts,
     .compute = {LossesOfPort},
     .when = {BelowFact("queues", "max_queues")},
     .title = "{device} lost {rise} frames because its receive ring had no free descriptor",
     .cause = "The ring is as large as it gets, and only {queues} of {max_queues} queues are in "
              "use: too few CPUs empty them.",
     .checked = kRingChecks,
     .change = {{{"ethtool -L {device} combined {max_queues}",
                  "The link goes down for a moment; the interrupts spread over more CPUs."}}},
     .cost = "More interrupts, and more CPUs that are kept from programs.",
     .verify = kRingVerify,
     .undo = "ethtool -L {device} combined {queues}"},
    {.id = "ring_cpu_too_slow",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .evidence = Lost("ring", "ring_overrun"),
     .facts = kRingFacts,
     .compute = {LossesOfPort},
     .title = "{device} lost {rise} frames because its receive ring had no free descriptor",
     .cause =
         "The CPU that polls the ring is too slow or comes too late, and neither a larger ring "
         "nor more queues are to be had (or their size cannot be read).",
     .checked = kRingChecks,
     .change = {{{"",
                  "See which CPU takes the interrupts (netstack_irq_cpu_interrupts_total) and "
                  "keep programs off it, or spread its work over others with RPS "
                  "(/sys/class/net/{device}/queues/rx-*/rps_cpus)."}}},
     .cost =
         "RPS costs an interrupt between CPUs for each batch and moves the queue to the backlog.",
     .verify = kRingVerify,
     .undo = "Write back the former rps_cpus; 0 is off."},
    {.id = "nic_fifo_overrun",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .evidence = Lost("ring", "fifo_overrun"),
     .facts = kRingFacts,
     .title = "{device} lost {rise} frames in its own FIFO",
     .cause = "The card could not move frames to memory in time: the bus, power saving of CPU and "
              "PCIe, or a ring that is not emptied.",
     .checked = kRingChecks,
     .change = {{{"ethtool -A {device} rx on tx on",
                  "Let the card ask its peer to wait, if nothing is shared with that link."}}},
     .cost = "Pause stops all traffic of the link, also what would not have been lost.",
     .verify = kRingVerify,
     .undo = "ethtool -A {device} rx off tx off"},

    {.id = "xdp_redirect_failed",
     .path = Path::kReceive,
     .stage = Stage::kXdp,
     .evidence = Lost("xdp", "redirect_failed"),
     .title = "{device}: {rise} packets that an XDP program redirected were taken by nobody",
     .cause =
         "The device, CPU or AF_XDP socket that the program named is not there, is down, takes "
         "no frame of that size, or its queue is full.",
     .change = {{{"",
                  "See what the program redirects to (bpftool net show, bpftool map dump), and "
                  "whether that device is up, or that socket is read in time."}}},
     .verify = kXdpVerify},
    {.id = "xdp_send_back_failed",
     .path = Path::kReceive,
     .stage = Stage::kXdp,
     .evidence = Lost("xdp", "send_back_failed"),
     .title = "{device}: {rise} frames that an XDP program sent back found no room",
     .cause = "The transmit ring that XDP_TX uses was full: frames come faster than they go out.",
     .change = {{{"", "A larger transmit ring (ethtool -G {device} tx), or more queues."}}},
     .verify = kXdpVerify},
    {.id = "backlog_overflow",
     .path = Path::kReceive,
     .stage = Stage::kBacklog,
     .evidence = Lost("backlog", "backlog_full"),
     .facts = kBacklogFacts,
     .compute = {StepByLoss, MoreSoftirqTime},
     .title = "{rise} packets lost because the backlog of a CPU was full",
     .also = {{{"CPU {cpu} lost {lost} of them; {cpus_dropping} of {cpus} CPUs lost any.",
                Known("cpu")}}},
     .cause =
         "Packets came to the CPU's backlog (by RPS, loopback, veth or a tunnel) faster than it "
         "took them out; the limit is {now} packets (net.core.netdev_max_backlog).",
     .checked =
         {{{"time_squeeze did not rise: the softirq was not cut short, so netdev_budget and "
            "netdev_budget_usecs are not the cause.",
            Equals("squeezes", 0)},
           {"time_squeeze rose by {squeezes}: the softirq also ran out of budget or time.",
            Above("squeezes", 0)},
           {"The flow limit lost nothing: the backlog itself was full.", Equals("flow_limited", 0)},
           {"Only one CPU lost any: to spread the packets over more of them (RPS) helps, too.",
            Equals("cpus_dropping", 1)},
           {"The backlog is the whole machine's: the packets may belong to another "
            "namespace.",
            Equals("visible", 0)}}},
     .change = {{{"sysctl -w net.core.netdev_max_backlog={new}",
                  "Set on the host. In small steps: run the doctor again after each."},
                 {"sysctl -w net.core.netdev_budget_usecs={more_usecs}",
                  "Only if time_squeeze goes on rising.", Known("more_usecs")}}},
     .cost =
         "Packets may wait longer, and up to {new} of them hold memory for each CPU. A CPU that "
         "is too slow for the mean load drops all the same.",
     .verify = "Column 2 of /proc/net/softnet_stat (netstack_softnet_dropped_total) stands still.",
     .undo = "sysctl -w net.core.netdev_max_backlog={now}"},
    {.id = "backlog_flow_limit",
     .path = Path::kReceive,
     .stage = Stage::kBacklog,
     .evidence = Lost("backlog", "flow_limit"),
     .facts = kBacklogFacts,
     .compute = {Doubled},
     .title = "{rise} packets of a dominant flow lost to the flow limit",
     .cause =
         "One flow had most of a backlog that was more than half full; the flow limit drops its "
         "packets to keep room for the others.",
     .checked = {{{"time_squeeze did not rise.", Equals("squeezes", 0)}}},
     .change = {{{"sysctl -w net.core.netdev_max_backlog={new}",
                  "The flow limit begins at half of it."}}},
     .cost = "Packets may wait longer; up to {new} of them hold memory for each CPU.",
     .verify = "netstack_softnet_flow_limit_total stands still.",
     .undo = "sysctl -w net.core.netdev_max_backlog={now}"},
});

}  // namespace

std::span<const Rule> DeviceReceiveRules() {
  return kRules;
}

}  // namespace netstack
