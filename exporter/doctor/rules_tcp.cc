#include "exporter/doctor/compute.h"
#include "exporter/doctor/rule.h"

namespace netstack {
namespace {

constexpr std::string_view kTunable = "netstack_tunable";

constexpr Selector Lost(std::string_view cause) {
  return {"netstack_path_drops_total",
          {{{"path", "receive"}, {"stage", "tcp"}, {"cause", cause}, {"class", "loss"}}}};
}

constexpr Selector Pressed(std::string_view cause) {
  return {"netstack_path_pressure_total",
          {{{"path", "receive"}, {"stage", "tcp"}, {"cause", cause}}}};
}

constexpr Selector Tunable(std::string_view name, std::string_view field) {
  return {kTunable, {{{"name", name}, {"field", field}}}};
}

constexpr auto kFacts = std::to_array<FactRow>({
    {"min", Measure::kNow, Tunable("net.ipv4.tcp_rmem", "min")},
    {"default", Measure::kNow, Tunable("net.ipv4.tcp_rmem", "default")},
    {"max", Measure::kNow, Tunable("net.ipv4.tcp_rmem", "max")},
    {"moderate", Measure::kNow, Tunable("net.ipv4.tcp_moderate_rcvbuf", "current")},
    {"prunes", Measure::kRise, {"netstack_tcp_ext_prune_called_total"}},
    {"collapsed", Measure::kRise, {"netstack_tcp_ext_tcp_rcv_collapsed_total"}},
    {"dropped",
     Measure::kRise,
     {"netstack_path_drops_total", {{{"path", "receive"}, {"stage", "tcp"}, {"class", "loss"}}}}},
    {"pressures", Measure::kRise, {"netstack_tcp_ext_tcp_memory_pressures_total"}},
    {"memory",
     Measure::kMost,
     {"netstack_path_saturation_ratio", {{{"resource", "tcp_memory_pressure"}}}}},
    {"closed", Measure::kRise, {"netstack_tcp_ext_tcp_to_zero_window_adv_total"}},
    {"peak_fill",
     Measure::kMost,
     {"netstack_path_saturation_peak_ratio",
      {{{"path", "receive"}, {"stage", "tcp"}, {"resource", "receive_buffer"}}}}},
    {"peak_unread", Measure::kMost, {"netstack_socket_unread_peak_bytes"}},
    {"look_back", Measure::kNow, {"netstack_peak_look_back_seconds"}},
});

// What no sample shows.
constexpr Remark kPeak = {
    "Between samples the fullest receive buffer was at {peak_fill} of its limit, and up to "
    "{peak_unread} bytes of one connection waited to be read: peaks of the last {look_back} s "
    "(eBPF).",
    Known("peak_unread")};

constexpr auto kMemoryFacts = std::to_array<FactRow>({
    {"min", Measure::kNow, Tunable("net.ipv4.tcp_mem", "min")},
    {"pressure", Measure::kNow, Tunable("net.ipv4.tcp_mem", "pressure")},
    {"max", Measure::kNow, Tunable("net.ipv4.tcp_mem", "max")},
    {"used", Measure::kNow, {"netstack_sockstat_tcp_memory_bytes"}},
    {"memory",
     Measure::kMost,
     {"netstack_path_saturation_ratio", {{{"resource", "tcp_memory_pressure"}}}}},
});

constexpr std::array<Remark, 6> kChecks = {{
    {"TCP as a whole has memory: {memory} of its pressure mark (net.ipv4.tcp_mem) is used.",
     Below("memory", 1)},
    {"TCP as a whole went over its pressure mark {pressures} times.", Above("pressures", 0)},
    {"A window was closed {closed} times: a program reads more slowly than data comes.",
     Above("closed", 0)},
    {"No window was closed: the programs read, and the buffer is too small for what is in flight "
     "(small segments take far more memory than their data).",
     Equals("closed", 0)},
    {"net.ipv4.tcp_moderate_rcvbuf is 0: buffers stay at the default of {default} bytes.",
     Equals("moderate", 0)},
    {"A program that sets SO_RCVBUF itself has that buffer and no other.", Known("max")},
}};

constexpr std::string_view kLarger =
    "sysctl -w net.ipv4.tcp_rmem=\"{min} {new_default} {new_max}\"";
constexpr std::string_view kLargerNote =
    "The default holds for new connections, the maximum for those that are open, too.";
constexpr std::string_view kLargerCost =
    "Each connection may hold up to {new_max} bytes of kernel memory, and a very large buffer "
    "takes "
    "longer to collapse.";
constexpr std::string_view kVerify =
    "netstack_tcp_ext_prune_called_total and netstack_tcp_ext_tcp_rcv_collapsed_total stand still.";
constexpr std::string_view kUndo = "sysctl -w net.ipv4.tcp_rmem=\"{min} {default} {max}\"";

// Data that had to be thrown away because the receive buffer was full.
constexpr Rule BufferLoss(std::string_view id, std::string_view cause, std::string_view title) {
  return {.id = id,
          .path = Path::kReceive,
          .stage = Stage::kTcp,
          .evidence = Lost(cause),
          .facts = kFacts,
          .compute = {LargerTcpBuffer},
          .when = {Known("new_max")},
          .title = title,
          .also = {{{"Buffers were pruned {prunes} times and {collapsed} segments merged.",
                     Known("prunes")},
                    kPeak}},
          .cause =
              "The receive buffer of a connection was full: net.ipv4.tcp_rmem lets it grow to "
              "{max} bytes, {default} at first.",
          .checked = kChecks,
          .change = {{{kLarger, kLargerNote}}},
          .cost = kLargerCost,
          .verify = "netstack_path_drops_total{stage=\"tcp\",class=\"loss\"} stands still.",
          .undo = kUndo};
}

// The same where TCP has no memory at all.
constexpr Rule MemoryLoss(std::string_view id, std::string_view cause) {
  return {.id = id,
          .path = Path::kReceive,
          .stage = Stage::kTcp,
          .evidence = Lost(cause),
          .facts = kMemoryFacts,
          .compute = {LargerMemory},
          .when = {AtLeast("memory", 1), Known("new_max")},
          .title = "{rise} TCP segments lost because TCP as a whole was out of memory",
          .cause =
              "All sockets together hold {used} bytes, {memory} of the pressure mark of "
              "net.ipv4.tcp_mem ({min} {pressure} {max} pages).",
          .checked = {{{"The limit of all sockets is reached, so that of one does not matter.",
                        AtLeast("memory", 1)}}},
          .change = {{{"sysctl -w net.ipv4.tcp_mem=\"{new_min} {new_pressure} {new_max}\"",
                       "Set on the host. First look whether one program keeps unread data "
                       "(netstack_sockets_group_unread_bytes)."}}},
          .cost = "Kernel memory that programs do not get.",
          .verify = "netstack_path_saturation_ratio{resource=\"tcp_memory\"} is below 1.",
          .undo = "sysctl -w net.ipv4.tcp_mem=\"{min} {pressure} {max}\""};
}

constexpr auto kRules = std::to_array<Rule>({
    MemoryLoss("tcp_receive_queue_no_memory", "receive_queue"),
    BufferLoss("tcp_receive_queue_full", "receive_queue",
               "{rise} TCP segments lost because a receive buffer was full"),
    MemoryLoss("tcp_out_of_order_queue_no_memory", "out_of_order_queue"),
    BufferLoss("tcp_out_of_order_queue_full", "out_of_order_queue",
               "{rise} TCP segments out of order lost because a receive buffer was full"),
    BufferLoss("tcp_zero_window", "zero_window",
               "{rise} TCP segments lost because they came while the window was closed"),
    BufferLoss("tcp_beyond_window", "beyond_window",
               "{rise} TCP segments lost because they were beyond the window"),
    {.id = "tcp_socket_backlog",
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .evidence = Lost("socket_backlog"),
     .facts = kFacts,
     .compute = {LargerTcpBuffer},
     .title = "{rise} TCP segments lost because their socket was locked and its backlog full",
     .cause = "A program was inside a system call on the socket for long (a large read or write, "
              "memory reclaim), and what came meanwhile passed twice the receive buffer.",
     .checked = {{{"Buffers were pruned {prunes} times.", Above("prunes", 0)},
                  {"No buffer was pruned: the queue of data itself had room.",
                   Equals("prunes", 0)}}},
     .change = {{{kLarger, "The backlog's limit follows the receive buffer.", Known("new_max")},
                 {"", "Let the program read and write in smaller pieces."}}},
     .cost = kLargerCost,
     .verify = "netstack_tcp_ext_tcp_backlog_drop_total stands still.",
     .undo = kUndo},
    {.id = "tcp_memory_reserve",
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .evidence = Lost("memory_reserve"),
     .title = "{rise} TCP segments lost because the host was out of memory",
     .cause = "Only the emergency reserve was left, which a normal socket may not use.",
     .change = {{{"",
                  "Find what takes the memory (free, slabtop); vm.min_free_kbytes keeps more in "
                  "reserve."}}},
     .verify = "netstack_tcp_ext_pf_memalloc_drop_total stands still."},

    {.id = "tcp_memory_pressure",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .weight = 90,
     .evidence = Pressed("memory_pressure"),
     .facts = kMemoryFacts,
     .compute = {LargerMemory},
     .when = {Known("new_max")},
     .title = "TCP as a whole went over its memory's pressure mark {rise} times",
     .cause = "All sockets together hold much ({used} bytes now); net.ipv4.tcp_mem is {min} "
              "{pressure} {max} pages. Buffers do not grow any more.",
     .change = {{{"sysctl -w net.ipv4.tcp_mem=\"{new_min} {new_pressure} {new_max}\"",
                  "Set on the host. First look whether one program keeps unread data."}}},
     .cost = "Kernel memory that programs do not get.",
     .verify = "netstack_tcp_ext_tcp_memory_pressures_total stands still.",
     .undo = "sysctl -w net.ipv4.tcp_mem=\"{min} {pressure} {max}\""},
    {.id = "tcp_prune",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .weight = 80,
     .evidence = Pressed("prune"),
     .facts = kFacts,
     .compute = {LargerTcpBuffer},
     .when = {BelowFact("max", "new_max")},
     .title = "TCP receive buffers were over their limit {rise} times and had to be pruned",
     .also = {{{"{collapsed} segments were merged to make room (collapse), which costs CPU time.",
                Above("collapsed", 0)},
               kPeak}},
     .cause =
         "A connection's receive buffer is too small for what comes: net.ipv4.tcp_rmem lets it "
         "grow to {max} bytes, {default} at first.",
     .checked = kChecks,
     .change = {{{kLarger, kLargerNote}}},
     .cost = kLargerCost,
     .verify = kVerify,
     .undo = kUndo},
    {.id = "tcp_prune_slow_reader",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .weight = 80,
     .evidence = Pressed("prune"),
     .facts = kFacts,
     .title = "TCP receive buffers were over their limit {rise} times and had to be pruned",
     .also = {{kPeak}},
     .cause =
         "A program reads much more slowly than its peers send: its buffer of up to {max} bytes "
         "is large and full all the same.",
     .checked = kChecks,
     .change = {{{"",
                  "Make the program read faster. netstack_sockets_group_unread_bytes tells which "
                  "it is."}}},
     .verify = kVerify},
    {.id = "tcp_long_collapse",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .weight = 80,
     .evidence = Pressed("collapse"),
     .at_least = 1000,
     .facts = kFacts,
     .compute = {SmallerTcpBuffer},
     .when = {Above("max", 8388608), Equals("dropped", 0)},
     .title = "{rise} segments were merged in very large TCP receive buffers",
     .cause =
         "With buffers of up to {max} bytes one collapse walks a long queue while packets of "
         "that CPU wait: milliseconds of delay. Nothing was lost, so the buffer is larger than "
         "it is good for.",
     .checked = {{{"No TCP segment was lost: the buffers are not too small.", Equals("dropped", 0)},
                  {"A window was closed {closed} times: a program reads too slowly.",
                   Above("closed", 0)}}},
     .change = {{{"sysctl -w net.ipv4.tcp_rmem=\"{min} {default} {new_max}\"",
                  "4 MiB has been found to keep a collapse under 3 ms."}}},
     .cost = "Less throughput on paths of high bandwidth and delay: a window holds half of the "
             "buffer.",
     .verify = "netstack_tcp_ext_tcp_rcv_collapsed_total rises more slowly, and throughput is the "
               "same.",
     .undo = kUndo},
    {.id = "tcp_slow_reader",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .weight = 30,
     .evidence = Pressed("zero_window_advertised"),
     .at_least = 10,
     .facts = kFacts,
     .title = "Senders were stopped {rise} times by a closed TCP window",
     .also = {{kPeak}},
     .cause = "A program reads more slowly than its peers send. Nothing is lost: the peers wait.",
     .checked = {{{"No TCP segment was lost.", Equals("dropped", 0)}}},
     .change = {{{"",
                  "Make the program read faster; a larger net.ipv4.tcp_rmem helps against "
                  "bursts only. netstack_sockets_group_unread_bytes tells which it is."}}},
     .verify = "netstack_tcp_ext_tcp_to_zero_window_adv_total rises more slowly."},
});

}  // namespace

std::span<const Rule> TcpRules() {
  return kRules;
}

}  // namespace netstack
