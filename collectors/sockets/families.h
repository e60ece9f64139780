#pragma once

#include <array>

#include "collectors/sockets/quantities.h"
#include "model/family.h"

namespace netstack::sockets {

constexpr Family Distributed(std::string_view name, Path path, Stage stage, std::string_view help,
                             std::string_view source, std::string_view reading) {
  return {.name = name,
          .type = MetricType::kGaugeHistogram,
          .path = path,
          .stage = stage,
          .role = Role::kDepth,
          .help = help,
          .source = source,
          .reading = reading};
}
constexpr Family ByGroup(std::string_view name, Path path, Stage stage, std::string_view help) {
  return {.name = name,
          .type = MetricType::kGaugeHistogram,
          .path = path,
          .stage = stage,
          .role = Role::kDepth,
          .labels = {"socket_group"},
          .help = help,
          .source = "as netstack_sockets_* without _by_group; with group-distributions only"};
}
constexpr Family OfGroup(std::string_view name, Path path, Stage stage, std::string_view help,
                         std::string_view source) {
  return {.name = name,
          .path = path,
          .stage = stage,
          .role = Role::kDepth,
          .labels = {"socket_group"},
          .help = help,
          .source = source};
}
constexpr Family Limited(std::string_view name, std::string_view help, std::string_view source,
                         std::string_view reading) {
  return {.name = name,
          .path = Path::kTransmit,
          .stage = Stage::kTcp,
          .role = Role::kWait,
          .help = help,
          .source = source,
          .reading = reading};
}
constexpr Family OfWalk(std::string_view name, std::string_view help, std::string_view reading) {
  return {.name = name, .help = help, .source = "the walk itself", .reading = reading};
}

// The quantities first, in the order of enum Quantity.
inline constexpr auto kFamilies = std::to_array<Family>({
    Distributed("netstack_sockets_unread_bytes", Path::kReceive, Stage::kTcp,
                "Bytes received and not yet read by the program, over live TCP connections; "
                "histogram_quantile without rate.",
                "sock_diag idiag_rqueue",
                "Connections with much unread: the program reads too slowly."),
    Distributed("netstack_sockets_unsent_bytes", Path::kTransmit, Stage::kTcp,
                "Bytes written by the program and not yet sent, over live TCP connections; "
                "histogram_quantile without rate.",
                "sock_diag tcp_info tcpi_notsent_bytes, since Linux 4.6",
                "Much unsent: the network or the peer is slower than the program."),
    Distributed("netstack_sockets_unacknowledged_bytes", Path::kTransmit, Stage::kTcp,
                "Bytes sent and not yet acknowledged, over live TCP connections; "
                "histogram_quantile without rate.",
                "sock_diag idiag_wqueue less tcpi_notsent_bytes", ""),
    Distributed("netstack_sockets_receive_memory_ratio", Path::kReceive, Stage::kTcp,
                "Receive memory over its limit, over live TCP connections; histogram_quantile "
                "without rate.",
                "sock_diag SKMEMINFO rmem_alloc over rcvbuf",
                "Near 1: the window closes and segments are pruned."),
    Distributed("netstack_sockets_transmit_memory_ratio", Path::kTransmit, Stage::kSocket,
                "Send memory over its limit, over live TCP connections; histogram_quantile "
                "without rate.",
                "sock_diag SKMEMINFO wmem_queued over sndbuf",
                "Near 1: the program has to wait, or net.ipv4.tcp_wmem is too small."),
    Distributed("netstack_sockets_rtt_seconds", Path::kTransmit, Stage::kTcp,
                "Smoothed round trip time of live TCP connections that have measured it; "
                "histogram_quantile without rate.",
                "sock_diag tcp_info tcpi_rtt", ""),
    Distributed("netstack_sockets_retransmitted_segments", Path::kTransmit, Stage::kTcp,
                "Segments retransmitted in the life of each live TCP connection; "
                "histogram_quantile without rate.",
                "sock_diag tcp_info tcpi_total_retrans",
                "Says whether all connections lose, or a few lose much."),
    Distributed("netstack_sockets_congestion_window_segments", Path::kTransmit, Stage::kTcp,
                "Congestion window of live TCP connections; histogram_quantile without rate.",
                "sock_diag tcp_info tcpi_snd_cwnd", ""),
    {.name = "netstack_sockets_tcp",
     .labels = {"state", "ip_version"},
     .help = "TCP sockets by state.",
     .source = "sock_diag idiag_state",
     .reading = "Many in close_wait: a program does not close what its peer has closed. Many in "
                "syn_sent: peers do not answer."},
    {.name = "netstack_sockets_syn_queue_connections",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kDepth,
     .labels = {"address", "port", "ip_version"},
     .help = "Connections in SYN_RECV, by listening address and port; as old as "
             "netstack_sockets_walk_age_seconds says, but of now with source ebpf.",
     .source = "sock_diag idiag_state SYN_RECV; sockets of one address and port (SO_REUSEPORT) "
               "cannot be told apart; with source ebpf icsk_accept_queue.qlen, summed over them",
     .reading = "Near netstack_listener_accept_queue_limit_connections: a SYN flood, or final ACKs "
                "are lost."},
    OfGroup("netstack_sockets_group_connections", Path::kReceive, Stage::kTcp,
            "TCP connections by group: in:PORT came to a listening port, out:PORT goes to a "
            "configured remote port, other is the rest; or cgroup:PATH or process:NAME, as "
            "group-by says. Without TIME_WAIT and SYN_RECV.",
            "sock_diag"),
    OfGroup("netstack_sockets_group_unread_bytes", Path::kReceive, Stage::kTcp,
            "Bytes received and not yet read, by group.", "sock_diag idiag_rqueue"),
    OfGroup("netstack_sockets_group_unread_max_bytes", Path::kReceive, Stage::kTcp,
            "Most bytes received and not yet read of one connection, by group.",
            "sock_diag idiag_rqueue"),
    OfGroup("netstack_sockets_group_transmit_queue_bytes", Path::kTransmit, Stage::kTcp,
            "Bytes not yet sent or not yet acknowledged, by group.", "sock_diag idiag_wqueue"),
    OfGroup("netstack_sockets_group_transmit_queue_max_bytes", Path::kTransmit, Stage::kTcp,
            "Most bytes not yet sent or not yet acknowledged of one connection, by group.",
            "sock_diag idiag_wqueue"),
    Limited("netstack_sockets_busy_seconds",
            "Time that the live TCP connections have been sending, summed over them.",
            "sock_diag tcp_info tcpi_busy_time, since Linux 4.10",
            "Falls when a connection goes: compare it with the limited times, no rate."),
    Limited("netstack_sockets_receive_window_limited_seconds",
            "Part of netstack_sockets_busy_seconds in which the peer's receive window held it up.",
            "sock_diag tcp_info tcpi_rwnd_limited, since Linux 4.10",
            "A large part: readers at the other end are slow, or their buffers too small."),
    Limited("netstack_sockets_send_buffer_limited_seconds",
            "Part of netstack_sockets_busy_seconds in which the send buffer held it up.",
            "sock_diag tcp_info tcpi_sndbuf_limited, since Linux 4.10",
            "A large part: raise net.ipv4.tcp_wmem, or the program's SO_SNDBUF."),
    OfWalk("netstack_sockets_walk_age_seconds", "Age of what this collector shows.",
           "At most collectors.sockets.min-interval and the time between two scrapes; one scrape "
           "more where walks take longer than max-wait."),
    OfWalk("netstack_sockets_walk_duration_seconds", "Time the walk over all TCP sockets took.",
           "About a second for a million sockets."),
    OfWalk("netstack_sockets_walk_sockets", "TCP sockets that the walk saw.", ""),
    OfWalk("netstack_sockets_walk_malformed",
           "Sockets of the walk that the kernel told in a way that could not be understood.",
           "Not 0: a kernel that this program does not know; the rest of the walk holds."),
    OfWalk("netstack_sockets_walk_truncated",
           "1 if the walk ended before all sockets were seen, because its budget was spent.",
           "All sums and distributions are of the part that was seen: raise max-time or "
           "max-sockets."),
    OfWalk("netstack_sockets_walk_fraction_ratio",
           "Part of the TCP sockets that the walk saw; below 1 an estimate.",
           "Divide sums by it for an estimate of all."),
    {.name = "netstack_sockets_walk_info",
     .type = MetricType::kInfo,
     .labels = {"source"},
     .help = "What the sockets are read from.",
     .source = "the walk itself"},
    ByGroup("netstack_sockets_by_group_unread_bytes", Path::kReceive, Stage::kTcp,
            "Bytes received and not yet read, over live TCP connections of a group; "
            "histogram_quantile without rate."),
    ByGroup("netstack_sockets_by_group_unsent_bytes", Path::kTransmit, Stage::kTcp,
            "Bytes written and not yet sent, over live TCP connections of a group; "
            "histogram_quantile without rate."),
    ByGroup("netstack_sockets_by_group_unacknowledged_bytes", Path::kTransmit, Stage::kTcp,
            "Bytes sent and not yet acknowledged, over live TCP connections of a group; "
            "histogram_quantile without rate."),
    ByGroup("netstack_sockets_by_group_receive_memory_ratio", Path::kReceive, Stage::kTcp,
            "Receive memory over its limit, over live TCP connections of a group; "
            "histogram_quantile without rate."),
    ByGroup("netstack_sockets_by_group_transmit_memory_ratio", Path::kTransmit, Stage::kSocket,
            "Send memory over its limit, over live TCP connections of a group; "
            "histogram_quantile without rate."),
    ByGroup("netstack_sockets_by_group_rtt_seconds", Path::kTransmit, Stage::kTcp,
            "Smoothed round trip time, over live TCP connections of a group; histogram_quantile "
            "without rate."),
    ByGroup("netstack_sockets_by_group_retransmitted_segments", Path::kTransmit, Stage::kTcp,
            "Segments retransmitted, over live TCP connections of a group; histogram_quantile "
            "without rate."),
    ByGroup("netstack_sockets_by_group_congestion_window_segments", Path::kTransmit, Stage::kTcp,
            "Congestion window, over live TCP connections of a group; histogram_quantile without "
            "rate."),
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table after the quantities.
enum FamilyIndex : std::size_t {
  kTcp = kQuantities,
  kSynQueue,
  kGroupConnections,
  kGroupUnread,
  kGroupUnreadMax,
  kGroupTransmit,
  kGroupTransmitMax,
  kBusy,
  kReceiveWindowLimited,
  kSendBufferLimited,
  kWalkAge,
  kWalkDuration,
  kWalkSockets,
  kWalkMalformed,
  kWalkTruncated,
  kWalkFraction,
  kWalkInfo,
  kByGroup,  // The first of the quantities again.
};
static_assert(kFamilies.size() == kByGroup + kQuantities);
static_assert(kFamilies[kWalkInfo].name == "netstack_sockets_walk_info");

}  // namespace netstack::sockets
