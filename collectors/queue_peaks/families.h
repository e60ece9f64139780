#pragma once

#include <array>

#include "model/family.h"

namespace netstack::queue_peaks {

constexpr Family OfGroup(Tier tier, std::string_view name, Path path, Stage stage,
                         std::string_view help, std::string_view source,
                         std::string_view reading = {}) {
  return {.name = name,
          .path = path,
          .stage = stage,
          .role = Role::kDepth,
          .tier = tier,
          .labels = {"socket_group"},
          .help = help,
          .source = source,
          .reading = reading};
}

inline constexpr auto kFamilies = std::to_array<Family>({
    OfGroup(Tier::kCore, "netstack_socket_unread_peak_bytes", Path::kReceive, Stage::kTcp,
            "Most bytes received and not yet read of one TCP connection since the look-back, by "
            "group: in:PORT came to a listening port, out:PORT goes to a configured remote port.",
            "tracepoints tcp_probe and sk_data_ready: rcv_nxt - copied_seq",
            "What a gauge misses between two scrapes. max_over_time() of it is right to a sixth of "
            "the look-back."),
    OfGroup(Tier::kCore, "netstack_socket_send_queue_peak_bytes", Path::kTransmit, Stage::kSocket,
            "Most bytes written and not yet acknowledged of one TCP connection since the "
            "look-back, by group.",
            "tracepoints tcp_probe and tcp_sendmsg_locked: write_seq - snd_una"),
    OfGroup(
        Tier::kExtended, "netstack_socket_unsent_peak_bytes", Path::kTransmit, Stage::kTcp,
        "Most bytes written and never sent of one TCP connection since the look-back, by group.",
        "tracepoints tcp_probe and tcp_sendmsg_locked: write_seq - snd_nxt",
        "High: the network or the peer is slower than the program."),
    OfGroup(Tier::kExtended, "netstack_socket_receive_memory_peak_bytes", Path::kReceive,
            Stage::kTcp,
            "Most receive memory, overhead included, of one TCP connection since the look-back, by "
            "group.",
            "tracepoint tcp_probe: sk_rmem_alloc and the segment that comes"),
    OfGroup(Tier::kExtended, "netstack_socket_send_memory_peak_bytes", Path::kTransmit,
            Stage::kSocket,
            "Most send memory, overhead included, of one TCP connection since the look-back, by "
            "group.",
            "tracepoint tcp_probe: sk_wmem_queued"),
    OfGroup(Tier::kCore, "netstack_socket_receive_memory_peak_ratio", Path::kReceive, Stage::kTcp,
            "Receive memory over its limit of the fullest TCP connection since the look-back, by "
            "group.",
            "sk_rmem_alloc and the segment that comes over sk_rcvbuf",
            "Near 1: the window closes and segments are pruned."),
    OfGroup(Tier::kCore, "netstack_socket_send_memory_peak_ratio", Path::kTransmit, Stage::kSocket,
            "Send memory over its limit of the fullest TCP connection since the look-back, by "
            "group.",
            "sk_wmem_queued over sk_sndbuf",
            "Near 1: the program had to wait, or net.ipv4.tcp_wmem is too small."),
    {.name = "netstack_socket_received_bytes_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .role = Role::kFlow,
     .labels = {"socket_group"},
     .help = "Bytes put into TCP receive queues in order since the exporter started, by group.",
     .source = "tracepoint tcp_probe, while a connection is established"},
    {.name = "netstack_socket_unread_depth_bytes",
     .type = MetricType::kHistogram,
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .role = Role::kDepth,
     .tier = Tier::kExtended,
     .help = "Bytes received and not yet read of a TCP connection, looked at each time that data "
             "came, that data included.",
     .source = "tracepoint tcp_probe",
     .reading = "histogram_quantile() of its rate: how deep arriving data finds the queue. Nothing "
                "between two scrapes is left out."},
    {.name = "netstack_socket_send_queue_depth_bytes",
     .type = MetricType::kHistogram,
     .path = Path::kTransmit,
     .stage = Stage::kSocket,
     .role = Role::kDepth,
     .tier = Tier::kExtended,
     .help = "Bytes written and not yet acknowledged of a TCP connection, looked at each time that "
             "a segment of the peer's came.",
     .source = "tracepoint tcp_probe"},
    {.name = "netstack_listener_accept_queue_peak_connections",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kDepth,
     .labels = {"port"},
     .help = "Most connections in an accept queue since the look-back, by listening port.",
     .source = "tracepoint sk_data_ready, before Linux 6.3 inet_sock_set_state: sk_ack_backlog"},
    {.name = "netstack_listener_accept_queue_peak_ratio",
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kDepth,
     .labels = {"port"},
     .help = "Accept queue length over its limit, the highest since the look-back, by port.",
     .source =
         "tracepoint sk_data_ready, before Linux 6.3 inet_sock_set_state: sk_ack_backlog over "
         "sk_max_ack_backlog",
     .reading = "Above 1 the queue was full and connections were lost."},
    {.name = "netstack_listener_arrivals_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kFlow,
     .tier = Tier::kExtended,
     .labels = {"port"},
     .help = "Connections put into accept queues since the exporter started, by listening port.",
     .source = "tracepoint sk_data_ready, before Linux 6.3 inet_sock_set_state"},
    {.name = "netstack_datagram_receive_memory_peak_bytes",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .role = Role::kDepth,
     .help = "Most receive memory, overhead included, of one UDP socket since the look-back, in "
             "all network namespaces.",
     .source = "tracepoint sk_data_ready, since Linux 6.3: sk_rmem_alloc"},
    {.name = "netstack_datagram_receive_memory_peak_ratio",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .role = Role::kDepth,
     .help = "Receive memory over its limit of the fullest UDP socket since the look-back, in all "
             "network namespaces.",
     .source = "tracepoint sk_data_ready, since Linux 6.3: sk_rmem_alloc over sk_rcvbuf"},
    {.name = "netstack_listener_accept_wait_seconds",
     .type = MetricType::kHistogram,
     .path = Path::kReceive,
     .stage = Stage::kListen,
     .role = Role::kWait,
     .labels = {"port"},
     .help = "Time from the end of a connection's handshake until a program accepted it, by "
             "listening port; with collectors.queue_peaks.accept-wait.",
     .source = "tracepoint inet_sock_set_state, and the end of inet_csk_accept() or, where "
               "programs may not be there, of the system call",
     .reading = "Long while the accept queue is short: the program is slow to come back to "
                "accept(). The handshake itself is no part of it."},
    {.name = "netstack_tcp_prune_seconds",
     .type = MetricType::kHistogram,
     .path = Path::kReceive,
     .stage = Stage::kTcp,
     .role = Role::kWait,
     .tier = Tier::kExtended,
     .labels = {"operation"},
     .help = "Time that the kernel took to make room in a full TCP receive buffer, in all network "
             "namespaces: collapse merged segments, prune looked for segments out of order to "
             "throw away.",
     .source = "tcp_collapse() and tcp_prune_ofo_queue(), where programs may be at functions",
     .reading = "What else comes on that CPU waits as long. Above milliseconds: "
                "net.ipv4.tcp_rmem is too large for small segments."},
    {.name = "netstack_waits_untimed_total",
     .type = MetricType::kCounter,
     .labels = {"wait"},
     .help = "Waits that are in no histogram, for more were under way than the programs remember: "
             "accept, of connections, or prune.",
     .source = "the programs at those places"},
    {.name = "netstack_peak_look_back_seconds",
     .help =
         "The time over which peaks are shown, as configured; a peak is shown for up to a sixth "
         "of it longer.",
     .source = "collectors.queue_peaks.look-back"},
    {.name = "netstack_peak_gaps_total",
     .type = MetricType::kCounter,
     .help = "Times that nobody scraped for longer than the look-back.",
     .source = "the exporter's clock",
     .reading = "Rising: raise collectors.queue_peaks.look-back above the longest scrape interval. "
                "The scrape after a gap shows the peaks of all of it; of several scrapers those "
                "that come later may miss it."},
    {.name = "netstack_peak_ports_without_group",
     .help = "Ports beyond collectors.queue_peaks.max-groups, whose connections are in the group "
             "other.",
     .source = "sock_diag, state LISTEN, and collectors.queue_peaks.ports-out"},
});
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t {
  kUnread,
  kSendQueue,
  kUnsent,
  kReceiveMemory,
  kSendMemory,
  kReceiveFill,
  kSendFill,
  kReceived,
  kUnreadDepth,
  kSendQueueDepth,
  kAcceptQueue,
  kAcceptFill,
  kArrivals,
  kDatagramMemory,
  kDatagramFill,
  kAcceptWait,
  kPrune,
  kUntimed,
  kLookBack,
  kGaps,
  kPortsWithoutGroup,
};
static_assert(kFamilies.size() == kPortsWithoutGroup + 1);
static_assert(kFamilies[kGaps].name == "netstack_peak_gaps_total");

}  // namespace netstack::queue_peaks
