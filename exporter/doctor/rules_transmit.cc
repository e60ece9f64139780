#include "exporter/doctor/compute.h"
#include "exporter/doctor/rule.h"

namespace netstack {
namespace {

constexpr std::string_view kTunable = "netstack_tunable";
constexpr std::string_view kRingVerify =
    "netstack_path_drops_total{stage=\"ring\"} of {device} stands still.";

constexpr Selector Lost(std::string_view stage, std::string_view cause) {
  return {"netstack_path_drops_total",
          {{{"path", "transmit"}, {"stage", stage}, {"cause", cause}, {"class", "loss"}}}};
}
constexpr Selector Pressed(std::string_view path, std::string_view stage, std::string_view cause) {
  return {"netstack_path_pressure_total", {{{"path", path}, {"stage", stage}, {"cause", cause}}}};
}

constexpr auto kNeighbourFacts = std::to_array<FactRow>({
    {"now", Measure::kNow, {kTunable, {{{"name", "net.ipv4.neigh.default.gc_thresh3"}}}}},
    {"now6", Measure::kNow, {kTunable, {{{"name", "net.ipv6.neigh.default.gc_thresh3"}}}}},
    {"entries", Measure::kNow, {"netstack_neighbour_entries", {{{"ip_version", "4"}}}}},
    {"entries6", Measure::kNow, {"netstack_neighbour_entries", {{{"ip_version", "6"}}}}},
    {"version", Measure::kWorstMember, {"netstack_neighbour_table_full_total"}, "ip_version"},
    {"bytes", Measure::kNow, {kTunable, {{{"name", "net.ipv4.neigh.default.unres_qlen_bytes"}}}}},
    {"failed", Measure::kRise, {"netstack_neighbour_resolution_failures_total"}},
    {"incomplete",
     Measure::kNow,
     {"netstack_neighbour_state_entries", {{{"state", "incomplete"}}}}},
});

constexpr auto kRingFacts = std::to_array<FactRow>({
    {"now",
     Measure::kNow,
     {kTunable, {{{"name", "ethtool.rings.tx"}, {"device", "{device}"}, {"field", "current"}}}}},
    {"max",
     Measure::kNow,
     {kTunable, {{{"name", "ethtool.rings.tx"}, {"device", "{device}"}, {"field", "max"}}}}},
    {"sent",
     Measure::kRise,
     {"netstack_qdisc_packets_total", {{{"device", "{device}"}, {"leaf", "1"}}}}},
});

constexpr auto kRetransmitFacts = std::to_array<FactRow>({
    {"sent", Measure::kRise, {"netstack_tcp_out_segs_total"}},
    {"timeouts", Measure::kRise, {"netstack_tcp_ext_tcp_timeouts_total"}},
    {"syns", Measure::kRise, {"netstack_tcp_ext_tcp_syn_retrans_total"}},
    {"here",
     Measure::kRise,
     {"netstack_path_drops_total", {{{"path", "transmit"}, {"class", "loss"}}}}},
    {"spurious", Measure::kRise, {"netstack_tcp_ext_tcp_spurious_rtx_host_queues_total"}},
});

// rise, sent -> share, in percent.
void ShareOfSent(Facts& facts) {
  const auto rise = facts.Number("rise");
  const double sent = facts.Number("sent").value_or(0);
  if (rise && sent > 0) facts.Set("share", 100 * *rise / sent);
}

constexpr auto kSoftirqFacts = std::to_array<FactRow>({
    {"squeezes", Measure::kRise, {"netstack_softnet_time_squeeze_total"}},
    {"budget", Measure::kNow, {kTunable, {{{"name", "net.core.netdev_budget"}}}}},
    {"usecs", Measure::kNow, {kTunable, {{{"name", "net.core.netdev_budget_usecs"}}}}},
    {"cpu", Measure::kWorstMember, {"netstack_softnet_time_squeeze_total"}, "cpu"},
    {"dropped", Measure::kRise, {"netstack_softnet_dropped_total"}},
});

constexpr auto kRules = std::to_array<Rule>({
    {.id = "neighbour_queue_full",
     .path = Path::kTransmit,
     .stage = Stage::kNeighbour,
     .evidence = Lost("neighbour", "unresolved_discards"),
     .facts = kNeighbourFacts,
     .title = "{rise} packets lost while they waited for a neighbour's address",
     .cause = "A host or gateway of the local network does not answer ARP or neighbour discovery, "
              "and more was sent to it than the queue holds ({bytes} bytes).",
     .checked = {{{"{failed} neighbours did not answer at all: they are down, or the address is "
                   "wrong. A larger queue does not help.",
                   Above("failed", 0)},
                  {"{incomplete} neighbours are being asked now.", Known("incomplete")}}},
     .change = {{{"", "Find them with ip neigh show nud incomplete nud failed."}}},
     .verify = "netstack_neighbour_unresolved_discards_total stands still."},
    {.id = "neighbour_table_full",
     .path = Path::kTransmit,
     .stage = Stage::kNeighbour,
     .evidence = Lost("neighbour", "table_full"),
     .facts = kNeighbourFacts,
     .compute = {Doubled},
     .when = {IsNotWord("version", "6"), Known("new")},
     .title = "{rise} packets lost because the table of neighbours was full",
     .cause = "{entries} neighbours, at most {now} (net.ipv4.neigh.default.gc_thresh3).",
     .change = {{{"sysctl -w net.ipv4.neigh.default.gc_thresh3={new}", "Set on the host."}}},
     .cost = "A few hundred bytes for each neighbour.",
     .verify = "netstack_neighbour_table_full_total stands still.",
     .undo = "sysctl -w net.ipv4.neigh.default.gc_thresh3={now}"},
    {.id = "neighbour_table_full_ipv6",
     .path = Path::kTransmit,
     .stage = Stage::kNeighbour,
     .evidence = Lost("neighbour", "table_full"),
     .facts = kNeighbourFacts,
     .compute = {[](Facts& facts) {
       if (const auto now = facts.Number("now6")) facts.Set("new", 2 * *now);
     }},
     .when = {Known("new")},
     .title = "{rise} packets lost because the table of IPv6 neighbours was full",
     .cause = "{entries6} neighbours, at most {now6} (net.ipv6.neigh.default.gc_thresh3).",
     .change = {{{"sysctl -w net.ipv6.neigh.default.gc_thresh3={new}", "Set on the host."}}},
     .cost = "A few hundred bytes for each neighbour.",
     .verify = "netstack_neighbour_table_full_total stands still.",
     .undo = "sysctl -w net.ipv6.neigh.default.gc_thresh3={now6}"},
    {.id = "device_dropped",
     .path = Path::kTransmit,
     .stage = Stage::kQueue,
     .evidence = Lost("queue", "device_dropped"),
     .title = "{device}: {rise} packets thrown away by the driver",
     .cause =
         "The driver, or the core on its behalf, could not send them: no memory, an offload that "
         "failed, a device that was reset or not ready.",
     .change = {{{"",
                  "ethtool -S {device} and the kernel's log say which (netstack_queue_drops_total "
                  "where the driver is known here)."}}},
     .verify = "netstack_link_transmit_dropped_total{device=\"{device}\"} stands still."},
    {.id = "transmit_fifo",
     .path = Path::kTransmit,
     .stage = Stage::kRing,
     .evidence = Lost("ring", "fifo_underrun"),
     .facts = kRingFacts,
     .title = "{device}: {rise} frames lost in the FIFO of the card",
     .cause = "The card did not get the frame from memory in time, or its FIFO was full.",
     .change = {{{"",
                  "Look at the card's bus (lspci -vv: link width and speed) and its firmware."}}},
     .verify = kRingVerify},

    {.id = "xdp_ring_full",
     .path = Path::kTransmit,
     .stage = Stage::kRing,
     .evidence = Lost("ring", "xdp_ring_full"),
     .title = "{device}: {rise} frames of XDP found no room in the transmit ring",
     .cause =
         "An XDP program sends them back, or another device's redirects them here, faster than "
         "they go out. XDP has no queue to wait in.",
     .change = {{{"", "A larger transmit ring (ethtool -G {device} tx), or more queues."}}},
     .verify = kRingVerify},
    {.id = "transmit_timeout",
     .harm = Harm::kPressure,
     .path = Path::kTransmit,
     .stage = Stage::kQueue,
     .weight = 100,
     .evidence = Pressed("transmit", "queue", "transmit_timeout"),
     .title = "{device}: the kernel reset the device {rise} times because a queue was stuck",
     .cause =
         "A fault of the card, its driver or firmware, or a link partner that pauses for ever. "
         "What was in the ring is lost.",
     .change = {{{"", "Read the kernel's log (NETDEV WATCHDOG), update driver and firmware."}}},
     .verify = "netstack_queue_transmit_timeouts_total{device=\"{device}\"} stands still."},
    {.id = "time_squeeze",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .weight = 50,
     .evidence = Pressed("receive", "napi", "time_squeeze"),
     .at_least = 10,
     .facts = kSoftirqFacts,
     .compute = {MoreSoftirqTime},
     .when = {Known("more_usecs")},
     .title = "The receive softirq stopped {rise} times with work left",
     .also = {{{"CPU {cpu} most of all.", Known("cpu")}}},
     .cause = "Its time (net.core.netdev_budget_usecs, {usecs}) or its packets "
              "(net.core.netdev_budget, {budget}) were used up. Packets wait, and a ring or a "
              "backlog may overflow next.",
     .checked = {{{"Nothing was lost at a backlog.", Equals("dropped", 0)},
                  {"{dropped} packets were lost at a backlog, too.", Above("dropped", 0)}}},
     .change = {{{"sysctl -w net.core.netdev_budget_usecs={more_usecs} "
                  "net.core.netdev_budget={more_budget}",
                  "Set on the host. A single busy device meets the time limit only."}}},
     .cost = "Programs on that CPU wait longer for it.",
     .verify =
         "netstack_softnet_time_squeeze_total rises more slowly, and nothing else gets worse.",
     .undo = "sysctl -w net.core.netdev_budget_usecs={usecs} net.core.netdev_budget={budget}"},
    {.id = "transmit_ring_full",
     .harm = Harm::kPressure,
     .path = Path::kTransmit,
     .stage = Stage::kQdisc,
     .weight = 40,
     .evidence = Pressed("transmit", "qdisc", "requeue"),
     .at_least = 100,
     .facts = kRingFacts,
     .compute = {TowardMaximum},
     .when = {BelowFact("now", "max")},
     .title = "{device}: {rise} packets were put back because the driver had no room",
     .cause =
         "The transmit ring was full: the link is the bottleneck, or sent packets are collected "
         "too late. The ring has {now} of at most {max} descriptors.",
     .change = {{{"ethtool -G {device} tx {new}",
                  "Most drivers take the link down for a moment."}}},
     .cost = "Packets wait in the ring, where no queueing discipline can sort them.",
     .verify = "netstack_qdisc_requeues_total{device=\"{device}\"} rises more slowly.",
     .undo = "ethtool -G {device} tx {now}"},
    {.id = "syn_cookies",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .weight = 60,
     .evidence = Pressed("receive", "listen", "syn_cookies"),
     .title = "{rise} SYNs were answered with a cookie because a SYN queue was full",
     .cause = "A SYN flood, or more clients at once than the listener's backlog is made for.",
     .change = {{{"",
                  "If they are real clients, raise the program's backlog and net.core.somaxconn; "
                  "against a flood cookies are the answer."}}},
     .cost = "A connection made with a cookie may lack window scaling and SACK.",
     .verify = "netstack_tcp_ext_tcp_req_q_full_do_cookies_total stands still."},
    {.id = "retransmit",
     .harm = Harm::kPressure,
     .path = Path::kTransmit,
     .stage = Stage::kTcp,
     .weight = 25,
     .evidence = Pressed("transmit", "tcp", "retransmit"),
     .at_least = 10,
     .facts = kRetransmitFacts,
     .compute = {ShareOfSent},
     .when = {AtLeast("share", 1)},
     .title = "{share} % of all TCP segments were sent again ({rise} of {sent})",
     .cause = "Segments or their acknowledgements are lost on the way: at a stage of this host's "
              "transmit path, in the network, or at the peer.",
     .checked =
         {{{"No stage of this host's transmit path lost anything: look at the network and at "
            "the peer.",
            Equals("here", 0)},
           {"Stages of this host's transmit path lost {here} packets: begin there.",
            Above("here", 0)},
           {"{syns} were SYNs: a peer that does not answer.", Above("syns", 0)},
           {"{timeouts} were found by time-out, the slow way.", Above("timeouts", 0)},
           {"{spurious} still sat in a queue of this host.", Above("spurious", 0)}}},
     .change = {{{"", "Find the stage that drops; run the doctor on the peer, too."}}},
     .verify = "netstack_tcp_retrans_segs_total over netstack_tcp_out_segs_total falls."},
});

}  // namespace

std::span<const Rule> TransmitRules() {
  return kRules;
}

}  // namespace netstack
