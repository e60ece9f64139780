#include "exporter/doctor/compute.h"
#include "exporter/doctor/rule.h"

namespace netstack {
namespace {

constexpr std::string_view kRatio = "netstack_path_saturation_ratio";
constexpr std::string_view kPeakRatio = "netstack_path_saturation_peak_ratio";

constexpr Selector Dropped(std::string_view stage, std::string_view cls) {
  return {"netstack_path_drops_total", {{{"stage", stage}, {"class", cls}}}};
}
constexpr Selector DroppedAnywhere(std::string_view cls) {
  return {"netstack_path_drops_total", {{{"class", cls}}}};
}

constexpr auto kConntrackFacts = std::to_array<FactRow>({
    {"now", Measure::kNow, {"netstack_conntrack_entries_limit"}},
    {"entries", Measure::kNow, {"netstack_conntrack_entries"}},
});

constexpr auto kListenerFacts = std::to_array<FactRow>({
    {"overflows", Measure::kRise, {"netstack_tcp_ext_listen_overflows_total"}},
    {"somaxconn", Measure::kNow, {"netstack_tunable", {{{"name", "net.core.somaxconn"}}}}},
});

constexpr auto kListenerPeakFacts = std::to_array<FactRow>({
    {"overflows", Measure::kRise, {"netstack_tcp_ext_listen_overflows_total"}},
    {"somaxconn", Measure::kNow, {"netstack_tunable", {{{"name", "net.core.somaxconn"}}}}},
    {"fill", Measure::kMost, {kRatio, {{{"resource", "accept_queue"}}}}},
    {"peak", Measure::kMost, {"netstack_listener_accept_queue_peak_connections"}},
    {"look_back", Measure::kNow, {"netstack_peak_look_back_seconds"}},
});

constexpr auto kDatagramPeakFacts = std::to_array<FactRow>({
    {"lost", Measure::kRise, {"netstack_udp_rcvbuf_errors_total"}},
    {"fill", Measure::kMost, {"netstack_datagram_receive_queue_fill_ratio"}},
    {"peak", Measure::kMost, {"netstack_datagram_receive_memory_peak_bytes"}},
    {"look_back", Measure::kNow, {"netstack_peak_look_back_seconds"}},
});

// In the order in which they are asked; those that know less come last.
constexpr auto kRules = std::to_array<Rule>({
    {.id = "other_loss",
     .path = Path::kNone,
     .stage = Stage::kNone,
     .evidence = DroppedAnywhere("loss"),
     .title = "{rise} packets lost at {path} {stage}: {cause}",
     .cause = "The doctor has no rule for this loss.",
     .change = {{{"",
                  "See the page of the stage, and what netstack_exporter reference says of the "
                  "counter."}}},
     .verify = "netstack_path_drops_total{stage=\"{stage}\",cause=\"{cause}\"} stands still."},
    {.id = "damaged_frames",
     .harm = Harm::kError,
     .path = Path::kNone,
     .stage = Stage::kWire,
     .weight = 10,
     .evidence = Dropped("wire", "error"),
     .title = "{device}: {rise} frames damaged on the wire ({path}, {cause})",
     .cause =
         "Cable, optic, connector, duplex, or the port at the other end; for length, a peer with "
         "a larger MTU.",
     .change = {{{"",
                  "Clean or replace the cable or optic; compare MTU, speed and duplex of both "
                  "ends (ethtool {device}). No setting here brings the frames back."}}},
     .verify = "netstack_path_drops_total{stage=\"wire\",device=\"{device}\"} stands still."},
    {.id = "damaged_packets",
     .harm = Harm::kError,
     .path = Path::kNone,
     .stage = Stage::kNone,
     .weight = 5,
     .evidence = DroppedAnywhere("error"),
     .title = "{rise} damaged packets refused at {path} {stage}: {cause}",
     .cause =
         "They were made wrong or damaged on their way, beyond what the link's checksum sees: a "
         "faulty sender, middlebox or offload.",
     .change = {{{"", "Find the sender (tcpdump), and try without checksum offload there."}}},
     .verify = "netstack_path_drops_total{stage=\"{stage}\",cause=\"{cause}\"} stands still."},

    {.id = "conntrack_nearly_full",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kNetfilter,
     .weight = 70,
     .evidence = {kRatio, {{{"resource", "conntrack"}}}},
     .level = true,
     .at_least = 0.8,
     .facts = kConntrackFacts,
     .compute = {Doubled},
     .when = {Known("new")},
     .title = "The table of connections is at {percent} % of its limit",
     .cause = "{entries} connections are tracked, at most {now}. When it is full, packets of new "
              "connections are lost.",
     .change = {{{"sysctl -w net.netfilter.nf_conntrack_max={new}", "Set on the host."}}},
     .cost = "About 320 bytes for each connection.",
     .verify = "netstack_path_saturation_ratio{resource=\"conntrack\"} is lower.",
     .undo = "sysctl -w net.netfilter.nf_conntrack_max={now}"},
    {.id = "accept_queue_full_now",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .weight = 70,
     .evidence = {kRatio, {{{"resource", "accept_queue"}}}},
     .level = true,
     .at_least = 0.8,
     .facts = kListenerFacts,
     .when = {Equals("overflows", 0)},
     .title = "The fullest accept queue is at {percent} % of its limit",
     .cause = "A program accepts too slowly or not at all; the next clients are lost.",
     .checked = {{{"Nothing was lost yet.", Equals("overflows", 0)}}},
     .change = {{{"",
                  "Find it with ss -ltn (Recv-Q over Send-Q) and see why it does not accept; then "
                  "its backlog, and net.core.somaxconn ({somaxconn})."}}},
     .verify = "netstack_path_saturation_ratio{resource=\"accept_queue\"} is near 0."},
    // No gauge sees these. Full buffers of TCP are how its window works, and no finding.
    {.id = "accept_queue_peak",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .weight = 60,
     .evidence = {kPeakRatio, {{{"path", "receive"}, {"resource", "accept_queue"}}}},
     .level = true,
     .at_least = 0.8,
     .facts = kListenerPeakFacts,
     .when = {Equals("overflows", 0), Below("fill", 0.8)},
     .title = "Between samples an accept queue was at {percent} % of its limit",
     .also = {{{"Up to {peak} connections waited in one queue: the peak of the last {look_back} s "
                "(eBPF).",
                Known("peak")}}},
     .cause = "A program accepts, but not in time for a burst; a larger one loses clients.",
     .checked = {{{"Nothing was lost yet.", Equals("overflows", 0)},
                  {"At the samples the fullest queue was at {fill} of its limit.", Known("fill")}}},
     .change = {{{"",
                  "Find the port by netstack_listener_accept_queue_peak_ratio; raise its backlog, "
                  "and net.core.somaxconn ({somaxconn}) where that is smaller."}}},
     .verify = "netstack_path_saturation_peak_ratio{resource=\"accept_queue\"} is lower, a "
               "look-back later."},
    {.id = "datagram_buffer_peak",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .weight = 60,
     .evidence = {kPeakRatio, {{{"path", "receive"}, {"stage", "datagram"}}}},
     .level = true,
     .at_least = 0.8,
     .facts = kDatagramPeakFacts,
     .when = {Equals("lost", 0), Below("fill", 0.8)},
     .title = "Between samples the receive buffer of a UDP socket was at {percent} % of its limit",
     .also = {{{"One socket held up to {peak} bytes: the peak of the last {look_back} s (eBPF).",
                Known("peak")}}},
     .cause = "A program reads, but not in time for a burst; a larger one loses datagrams.",
     .checked = {{{"No datagram was lost yet for want of room.", Equals("lost", 0)},
                  {"At the samples the fullest buffer was at {fill} of its limit.",
                   Known("fill")}}},
     .change =
         {{{"",
            "Have the program read sooner or ask for a larger buffer (SO_RCVBUF). The peak is "
            "of all network namespaces of the machine."}}},
     .verify = "netstack_path_saturation_peak_ratio{stage=\"datagram\"} is lower, a look-back "
               "later."},
    {.id = "nearly_full",
     .harm = Harm::kPressure,
     .path = Path::kNone,
     .stage = Stage::kNone,
     .weight = 15,
     .evidence = {kRatio},
     .level = true,
     .at_least = 0.8,
     .title = "{resource} at {path} {stage} is at {percent} % of its limit",
     .cause = "The next burst may not fit.",
     .change = {{{"", "See the page of the stage for what raises the limit."}}},
     .verify = "netstack_path_saturation_ratio{resource=\"{resource}\"} is lower."},
});

}  // namespace

std::span<const Rule> GeneralRules() {
  return kRules;
}

}  // namespace netstack
