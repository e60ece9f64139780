#include "exporter/doctor/compute.h"
#include "exporter/doctor/rule.h"

namespace netstack {
namespace {

constexpr std::string_view kTunable = "netstack_tunable";
// A client that loses a SYN waits a second before it tries again.
constexpr double kConnectionWeight = 50;

constexpr Selector Lost(std::string_view cause) {
  return {"netstack_path_drops_total",
          {{{"path", "receive"}, {"stage", "listen"}, {"cause", cause}, {"class", "loss"}}}};
}

// The listener that lost the most.
constexpr Selector Listener(std::string_view family) {
  return {family, {{{"address", "{address}"}, {"port", "{port}"}}}};
}

constexpr auto kFacts = std::to_array<FactRow>({
    {"port", Measure::kWorstMember, {"netstack_listener_drops_total"}, "port"},
    {"address", Measure::kWorstMember, {"netstack_listener_drops_total"}, "address"},
    {"limit", Measure::kNow, Listener("netstack_listener_accept_queue_limit_connections")},
    {"waiting", Measure::kNow, Listener("netstack_listener_accept_queue_connections")},
    {"sockets", Measure::kNow, Listener("netstack_listener_sockets")},
    {"always", Measure::kLeastMost, Listener("netstack_listener_accept_queue_fill_ratio")},
    {"fill", Measure::kMost, Listener("netstack_listener_accept_queue_fill_ratio")},
    {"lost", Measure::kRise, Listener("netstack_listener_drops_total")},
    {"somaxconn", Measure::kNow, {kTunable, {{{"name", "net.core.somaxconn"}}}}},
    {"syn_backlog", Measure::kNow, {kTunable, {{{"name", "net.ipv4.tcp_max_syn_backlog"}}}}},
    {"cookies", Measure::kNow, {kTunable, {{{"name", "net.ipv4.tcp_syncookies"}}}}},
    {"cookies_sent", Measure::kRise, {"netstack_tcp_ext_tcp_req_q_full_do_cookies_total"}},
    {"syn_queue_lost", Measure::kRise, {"netstack_tcp_ext_tcp_req_q_full_drop_total"}},
    {"peak",
     Measure::kMost,
     {"netstack_listener_accept_queue_peak_connections", {{{"port", "{port}"}}}}},
    {"peak_fill",
     Measure::kMost,
     {"netstack_listener_accept_queue_peak_ratio", {{{"port", "{port}"}}}}},
    {"look_back", Measure::kNow, {"netstack_peak_look_back_seconds"}},
});

constexpr std::string_view kTitle =
    "{rise} SYNs or final ACKs lost because an accept queue was full";

constexpr std::array<Remark, 3> kAlso = {{
    {"The listener at {address} port {port}: {waiting} connections wait, at most {limit} may.",
     Known("limit")},
    {"It is {sockets} sockets together (SO_REUSEPORT); the fullest is at {fill} of its limit.",
     Above("sockets", 1)},
    {"Between samples up to {peak} connections waited, {peak_fill} of the limit: the peak of the "
     "last "
     "{look_back} s (eBPF).",
     Known("peak")},
}};

constexpr std::array<Remark, 6> kChecks = {{
    {"The SYN queue lost nothing: it is the queue of finished connections.",
     Equals("syn_queue_lost", 0)},
    {"The queue was full at both samples: the program may have stopped accepting. Look at it "
     "first; "
     "a longer queue helps against bursts only.",
     AtLeast("always", 1)},
    {"The queue was not full at both samples: the program accepts, but not in time for a burst.",
     Below("always", 1)},
    {"Its limit is the host's net.core.somaxconn ({somaxconn}), which cuts what the program asks "
     "for.",
     AtLeastFact("now", "somaxconn")},
    {"net.core.somaxconn is {somaxconn}: the limit of {now} is what the program asked listen() "
     "for.",
     BelowFact("now", "somaxconn")},
}};

constexpr std::string_view kCost =
    "Connections wait in the queue rather than be tried again: a client that has given up may "
    "still "
    "be accepted. A few hundred bytes each.";
constexpr std::string_view kVerify =
    "netstack_tcp_ext_listen_overflows_total stands still, and "
    "netstack_listener_accept_queue_limit_connections{port=\"{port}\"} shows the new limit.";

constexpr auto kRules = std::to_array<Rule>({
    {.id = "accept_queue_somaxconn",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .weight = kConnectionWeight,
     .evidence = Lost("accept_queue_full"),
     .facts = kFacts,
     .compute = {OfOneSocket, ConnectionsForLoss},
     .when = {AtLeastFact("now", "somaxconn")},
     .title = kTitle,
     .also = kAlso,
     .cause = "The program at port {port} accepts connections more slowly than they come, and "
              "net.core.somaxconn allows {somaxconn} to wait.",
     .checked = kChecks,
     .change = {{{"sysctl -w net.core.somaxconn={new}",
                  "Then restart the program: a listener keeps the limit it began with. Its own "
                  "backlog must be as large."}}},
     .cost = kCost,
     .verify = kVerify,
     .undo = "sysctl -w net.core.somaxconn={somaxconn}"},
    {.id = "accept_queue_application",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .weight = kConnectionWeight,
     .evidence = Lost("accept_queue_full"),
     .facts = kFacts,
     .compute = {OfOneSocket, ConnectionsForLoss},
     .when = {BelowFact("now", "somaxconn")},
     .title = kTitle,
     .also = kAlso,
     .cause = "The program at port {port} accepts connections more slowly than they come, and its "
              "own backlog lets only {now} wait.",
     .checked = kChecks,
     .change = {{{"",
                  "Give listen() of the program at port {port} a backlog of {new} (now {now}), "
                  "and restart it. It is a setting of most servers: backlog=, somaxconn, "
                  "tcp-backlog, acceptCount."},
                 {"sysctl -w net.core.somaxconn={new}",
                  "First: the host's limit is below the new backlog.",
                  AboveFact("new", "somaxconn")}}},
     .cost = kCost,
     .verify = kVerify,
     .undo = "Give the program its former backlog of {now}."},
    {.id = "accept_queue_unknown_listener",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .weight = kConnectionWeight,
     .evidence = Lost("accept_queue_full"),
     .facts = kFacts,
     .title = kTitle,
     .cause = "A program accepts connections more slowly than they come. Which one cannot be seen: "
              "the listener is gone, or its counters cannot be read.",
     .checked = {{{"The SYN queue lost nothing.", Equals("syn_queue_lost", 0)}}},
     .change = {{{"",
                  "Find the listener with ss -ltn (Recv-Q over Send-Q), then raise its backlog, "
                  "and net.core.somaxconn (now {somaxconn}) where that is smaller."}}},
     .cost = kCost,
     .verify = "netstack_tcp_ext_listen_overflows_total stands still."},
    {.id = "syn_queue_full",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .weight = kConnectionWeight,
     .evidence = Lost("syn_queue_full"),
     .facts = kFacts,
     .title = "{rise} SYNs lost because a SYN queue was full",
     .also = kAlso,
     .cause =
         "More connections than the listener's backlog were half open, and SYN cookies are off: "
         "a burst, a flood, or final ACKs that do not come.",
     .checked = {{{"net.ipv4.tcp_syncookies is {cookies}.", Known("cookies")}}},
     .change = {{{"sysctl -w net.ipv4.tcp_syncookies=1",
                  "A full queue then answers with cookies and loses nothing.",
                  Equals("cookies", 0)},
                 {"",
                  "Raise the program's backlog (limit {limit}), net.core.somaxconn ({somaxconn}) "
                  "and net.ipv4.tcp_max_syn_backlog ({syn_backlog}) if these are real clients.",
                  Known("somaxconn")}}},
     .cost = "A connection made with a cookie may lack window scaling and SACK.",
     .verify = "netstack_tcp_ext_tcp_req_q_full_drop_total stands still.",
     .undo = "sysctl -w net.ipv4.tcp_syncookies={cookies}"},
    {.id = "listen_other",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .weight = kConnectionWeight,
     .evidence = Lost("other"),
     .facts = kFacts,
     .compute = {},
     .title = "{rise} SYNs or final ACKs lost at a listener for another reason than a full queue",
     .also = kAlso,
     .cause =
         "No memory or no route for the answer, or, with SYN cookies off, a SYN backlog that is "
         "three quarters full (net.ipv4.tcp_max_syn_backlog, now {syn_backlog}).",
     .checked = {{{"net.ipv4.tcp_syncookies is {cookies}.", Known("cookies")}}},
     .change = {{{"sysctl -w net.ipv4.tcp_syncookies=1", "", Equals("cookies", 0)},
                 {"",
                  "Look for a missing route back to the clients (ip route get ADDRESS) and for "
                  "want of memory."}}},
     .verify = "netstack_path_drops_total{stage=\"listen\"} stands still.",
     .undo = "sysctl -w net.ipv4.tcp_syncookies={cookies}"},
    {.id = "fast_open_queue_full",
     .harm = Harm::kPressure,
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .evidence = {"netstack_path_pressure_total",
                  {{{"path", "receive"}, {"stage", "listen"}, {"cause", "fast_open_queue_full"}}}},
     .title = "{rise} TCP Fast Open requests beyond the listener's limit",
     .cause = "More fast-open connections were half open than the program allows (TCP_FASTOPEN).",
     .change = {{{"",
                  "Raise the queue length the program gives to TCP_FASTOPEN. The clients fall "
                  "back to a normal handshake, so only time is lost."}}},
     .verify = "netstack_tcp_ext_tcp_fast_open_listen_overflow_total stands still."},
    {.id = "migration_failed",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .weight = kConnectionWeight,
     .evidence = Lost("migration_failed"),
     .title = "{rise} connections of a closed listener could not be taken over by another",
     .cause =
         "A worker with SO_REUSEPORT closed its listener while connections waited in it, and no "
         "other listener had room for them.",
     .change = {{{"",
                  "Stop workers only after they have accepted what waits, or give the others a "
                  "larger backlog."}}},
     .verify = "netstack_tcp_ext_tcp_migrate_req_failure_total stands still."},
});

}  // namespace

std::span<const Rule> ListenRules() {
  return kRules;
}

}  // namespace netstack
