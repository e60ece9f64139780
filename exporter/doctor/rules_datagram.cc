#include "exporter/doctor/compute.h"
#include "exporter/doctor/rule.h"

namespace netstack {
namespace {

constexpr std::string_view kTunable = "netstack_tunable";

constexpr Selector Lost(std::string_view cause) {
  return {"netstack_path_drops_total",
          {{{"path", "receive"}, {"stage", "datagram"}, {"cause", cause}, {"class", "loss"}}}};
}

// The UDP sockets of the port that lost the most.
constexpr Selector Port(std::string_view family) {
  return {family, {{{"protocol", "udp"}, {"port", "{port}"}, {"ip_version", "{version}"}}}};
}
constexpr Selector kDrops = {"netstack_datagram_drops_total", {{{"protocol", "udp"}}}};

constexpr auto kFacts = std::to_array<FactRow>({
    {"port", Measure::kWorstMember, kDrops, "port"},
    {"version", Measure::kWorstMember, kDrops, "ip_version"},
    {"limit", Measure::kNow, Port("netstack_datagram_receive_queue_limit_bytes")},
    {"queued", Measure::kNow, Port("netstack_datagram_receive_queue_bytes")},
    {"sockets", Measure::kNow, Port("netstack_datagram_sockets")},
    {"always", Measure::kLeastMost, Port("netstack_datagram_receive_queue_fill_ratio")},
    {"lost", Measure::kRise, Port("netstack_datagram_drops_total")},
    {"bytes", Measure::kRise, {"netstack_link_receive_bytes_total"}},
    {"packets", Measure::kRise, {"netstack_link_receive_packets_total"}},
    {"rmem_default", Measure::kNow, {kTunable, {{{"name", "net.core.rmem_default"}}}}},
    {"rmem_max", Measure::kNow, {kTunable, {{{"name", "net.core.rmem_max"}}}}},
    {"no_memory", Measure::kRise, {"netstack_udp_mem_errors_total"}},
    {"delivered", Measure::kRise, {"netstack_udp_in_datagrams_total"}},
    {"backlog", Measure::kRise, {"netstack_softnet_dropped_total"}},
    {"peak", Measure::kMost, {"netstack_datagram_receive_memory_peak_bytes"}},
    {"peak_fill", Measure::kMost, {"netstack_datagram_receive_memory_peak_ratio"}},
    {"look_back", Measure::kNow, {"netstack_peak_look_back_seconds"}},
});

constexpr auto kMemoryFacts = std::to_array<FactRow>({
    {"min", Measure::kNow, {kTunable, {{{"name", "net.ipv4.udp_mem"}, {"field", "min"}}}}},
    {"pressure",
     Measure::kNow,
     {kTunable, {{{"name", "net.ipv4.udp_mem"}, {"field", "pressure"}}}}},
    {"max", Measure::kNow, {kTunable, {{{"name", "net.ipv4.udp_mem"}, {"field", "max"}}}}},
    {"used", Measure::kNow, {"netstack_sockstat_udp_memory_bytes"}},
});

constexpr std::string_view kTitle =
    "{rise} datagrams lost because a socket's receive buffer was full";
constexpr std::array<Remark, 3> kAlso = {{
    {"UDP port {port} lost {lost}; its sockets ({sockets}) hold {queued} bytes, at most {limit}.",
     Known("limit")},
    {"Between samples one UDP socket of this machine held up to {peak} bytes, and the fullest was "
     "at "
     "{peak_fill} of its limit: peaks of the last {look_back} s (eBPF).",
     Known("peak")},
}};
constexpr std::array<Remark, 6> kChecks = {{
    {"UDP as a whole has memory: udp_mem lost nothing.", Equals("no_memory", 0)},
    {"No CPU's backlog lost anything: the datagrams reached the socket.", Equals("backlog", 0)},
    {"The buffer was full at both samples: the program may have stopped reading. Look at it first; "
     "a "
     "larger buffer helps against bursts only.",
     AtLeast("always", 0.95)},
    {"The buffer was not full at both samples: the program reads, but not in time for a burst.",
     Below("always", 0.95)},
    {"The buffer is the host's default, net.core.rmem_default ({rmem_default} bytes): the program "
     "did not ask for another.",
     IsWord("kind", "default")},
    {"The buffer of {now} bytes is not the host's default ({rmem_default}): the program asked for "
     "it "
     "(SO_RCVBUF; the kernel doubles the number).",
     IsWord("kind", "application")},
}};
constexpr std::string_view kCost =
    "Up to {new} bytes of kernel memory for each such socket, and datagrams that are older when "
    "they "
    "are read.";
constexpr std::string_view kVerify =
    "netstack_udp_rcvbuf_errors_total stands still, and "
    "netstack_datagram_receive_queue_limit_bytes{port=\"{port}\"} shows the new size.";

// Tells the host's default from a buffer that the program asked for.
void KindOfBuffer(Facts& facts) {
  const auto now = facts.Number("now");
  const auto normal = facts.Number("rmem_default");
  if (!now || !normal) return;
  facts.Set("kind",
            *now == *normal ? std::string_view("default") : std::string_view("application"));
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "udp_buffer_default",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .weight = 2,
     .evidence = Lost("receive_buffer_full"),
     .facts = kFacts,
     .compute = {OfOneSocket, MemoryForLoss, KindOfBuffer},
     .when = {IsWord("kind", "default"), Known("new"), IsNotWord("port", "other")},
     .title = kTitle,
     .also = kAlso,
     .cause =
         "The program at UDP port {port} reads more slowly than datagrams come, and it has the "
         "default buffer of {now} bytes.",
     .checked = kChecks,
     .change = {{{"sysctl -w net.core.rmem_default={new}",
                  "Set on the host; then restart the program: a socket keeps the buffer it began "
                  "with. Better, if it can be told: SO_RCVBUF for this program only."}}},
     .cost = kCost,
     .verify = kVerify,
     .undo = "sysctl -w net.core.rmem_default={rmem_default}"},
    {.id = "udp_buffer_application",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .weight = 2,
     .evidence = Lost("receive_buffer_full"),
     .facts = kFacts,
     .compute = {OfOneSocket, MemoryForLoss, KindOfBuffer},
     .when = {IsWord("kind", "application"), Known("new"), IsNotWord("port", "other")},
     .title = kTitle,
     .also = kAlso,
     .cause =
         "The program at UDP port {port} reads more slowly than datagrams come, and it chose a "
         "buffer of {now} bytes.",
     .checked = kChecks,
     .change = {{{"",
                  "Let the program at UDP port {port} ask for SO_RCVBUF {half} (the kernel makes "
                  "it {new} bytes); many have a setting for it."},
                 {"sysctl -w net.core.rmem_max={half}",
                  "First, on the host: it does not allow that much.",
                  AboveFact("half", "rmem_max")}}},
     .cost = kCost,
     .verify = kVerify,
     .undo = "Give the program its former buffer."},
    {.id = "udp_buffer_unknown_socket",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .weight = 2,
     .evidence = Lost("receive_buffer_full"),
     .facts = kFacts,
     .title = kTitle,
     .cause =
         "A program reads more slowly than datagrams come. Which one cannot be seen: the kernel "
         "chose its port, its socket is gone, or sockets cannot be read.",
     .checked = kChecks,
     .change = {{{"",
                  "Find the socket with ss -lunm (d is what it lost), then give it a larger "
                  "SO_RCVBUF, or raise net.core.rmem_default (now {rmem_default})."}}},
     .verify = "netstack_udp_rcvbuf_errors_total stands still."},
    {.id = "udp_no_memory",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .weight = 2,
     .evidence = Lost("no_memory"),
     .facts = kMemoryFacts,
     .compute = {LargerMemory},
     .when = {Known("new_max")},
     .title = "{rise} datagrams lost because UDP as a whole was out of memory",
     .cause =
         "All UDP sockets together hold {used} bytes; net.ipv4.udp_mem is {min} {pressure} {max} "
         "pages.",
     .change = {{{"sysctl -w net.ipv4.udp_mem=\"{new_min} {new_pressure} {new_max}\"",
                  "Set on the host. First look which program does not read: "
                  "netstack_datagram_receive_queue_bytes."}}},
     .cost = "Kernel memory that programs do not get.",
     .verify = "netstack_udp_mem_errors_total stands still.",
     .undo = "sysctl -w net.ipv4.udp_mem=\"{min} {pressure} {max}\""},
    {.id = "raw_socket_full",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .evidence = Lost("raw_socket_full"),
     .title = "{rise} packets lost at raw sockets whose receive buffer was full",
     .cause =
         "A program that reads raw sockets (a routing daemon, ping) is too slow or its SO_RCVBUF "
         "too small.",
     .change = {{{"",
                  "Give that program a larger SO_RCVBUF (ss -lwnm shows whose sockets lose), or "
                  "raise net.core.rmem_default."}}},
     .verify = "netstack_datagram_raw_drops_total stands still."},
});

}  // namespace

std::span<const Rule> DatagramRules() {
  return kRules;
}

}  // namespace netstack
