#pragma once

#include <array>

#include "model/family.h"

namespace netstack::listeners {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_listener_accept_queue_connections",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kDepth,
     .labels = {"address", "port", "ip_version", "socket"},
     .help = "Finished connections that wait for accept(), by listening address and port.",
     .source = "sock_diag, state LISTEN, idiag_rqueue; sockets of one address and port summed",
     .reading = "Not 0 for long: the program accepts too slowly."},
    {.name = "netstack_listener_accept_queue_limit_connections",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kLimit,
     .labels = {"address", "port", "ip_version", "socket"},
     .help = "Most connections that may wait for accept(): the backlog of listen(), at most "
             "net.core.somaxconn.",
     .source = "sock_diag, state LISTEN, idiag_wqueue; sockets of one address and port summed",
     .reading = "The queue holds one more than this. To raise it: net.core.somaxconn and the "
                "program's own backlog, then restart the program."},
    {.name = "netstack_listener_accept_queue_fill_ratio",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kDepth,
     .labels = {"address", "port", "ip_version", "socket"},
     .help = "Accept queue length over limit of the fullest socket of a listening address and "
             "port.",
     .source = "sock_diag, state LISTEN, idiag_rqueue over idiag_wqueue; a limit of 0 counts as 1",
     .reading = "Above 1 the queue is full and new connections are lost. High while the sums are "
                "low: one worker of SO_REUSEPORT is stuck."},
    {.name = "netstack_listener_drops_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kDrop,
     .labels = {"address", "port", "ip_version", "socket"},
     .help = "SYNs and final ACKs lost at a listening address and port since the exporter started.",
     .source = "sock_diag, state LISTEN, INET_DIAG_SKMEMINFO drops, 32 bits, summed by increases",
     .reading = "Says which listener netstack_tcp_ext_listen_drops_total is about. A final ACK "
                "lost to a full accept queue counts twice, and a client tries several times."},
    {.name = "netstack_listener_sockets",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .labels = {"address", "port", "ip_version"},
     .help = "Listening sockets summed for an address and port where there is more than one.",
     .source = "sock_diag, state LISTEN"},
    {.name = "netstack_unix_listener_accept_queue_connections",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kDepth,
     .labels = {"name"},
     .help = "Connections that wait for accept(), by name of a listening unix socket: its path, or "
             "@ and an abstract name; with the option unix only.",
     .source = "sock_diag unix, state LISTEN, UNIX_DIAG_RQLEN udiag_rqueue; one name summed",
     .reading =
         "Not 0 for long: the program accepts too slowly, and its clients wait in connect()."},
    {.name = "netstack_unix_listener_accept_queue_limit_connections",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kLimit,
     .labels = {"name"},
     .help = "Most connections that may wait for accept(), by name of a listening unix socket.",
     .source = "sock_diag unix, state LISTEN, UNIX_DIAG_RQLEN udiag_wqueue; one name summed"},
    {.name = "netstack_unix_listener_accept_queue_fill_ratio",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kDepth,
     .labels = {"name"},
     .help = "Accept queue length over limit of the fullest unix socket of a name.",
     .source = "sock_diag unix, udiag_rqueue over udiag_wqueue; a limit of 0 counts as 1",
     .reading = "Above 1 the queue is full: connect() waits, or fails with EAGAIN."},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table.
enum FamilyIndex : std::size_t {
  kQueue,
  kLimit,
  kFill,
  kDrops,
  kSockets,
  kUnixQueue,
  kUnixLimit,
  kUnixFill,
};
static_assert(kFamilies.size() == kUnixFill + 1);

}  // namespace netstack::listeners
