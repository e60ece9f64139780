#include "exporter/path/rows.h"

namespace netstack {
namespace {

constexpr auto kRows = std::to_array<SaturationRow>({
    {.path = Path::kReceive,
     .stage = Stage::kBacklog,
     .resource = "backlog",
     // The limit holds for the input queue; kernels before 6.4 or so tell only the sum.
     .depth = {{{"netstack_softnet_backlog_input_packets"}, {"netstack_softnet_backlog_packets"}}},
     .limit = {"netstack_tunable", "name", "net.core.netdev_max_backlog"}},
    {.path = Path::kReceive,
     .stage = Stage::kIp,
     .resource = "fragment_memory",
     .depth = {{{"netstack_sockstat_frag_memory_bytes"}}},
     .limit = {"netstack_sockstat_frag_memory_limit_bytes"}},
    {.path = Path::kReceive,
     .stage = Stage::kNetfilter,
     .resource = "conntrack",
     .depth = {{{"netstack_conntrack_entries"}}},
     .limit = {"netstack_conntrack_entries_limit"}},
    {.path = Path::kReceive,
     .stage = Stage::kListen,
     .resource = "accept_queue",
     .depth = {{{"netstack_listener_accept_queue_fill_ratio"}}}},
    {.path = Path::kReceive,
     .stage = Stage::kTcp,
     .resource = "tcp_memory",
     .depth = {{{"netstack_sockstat_tcp_memory_bytes"}}},
     .limit = {"netstack_sockstat_tcp_memory_limit_bytes", "threshold", "max"}},
    {.path = Path::kReceive,
     .stage = Stage::kTcp,
     .resource = "tcp_memory_pressure",
     .depth = {{{"netstack_sockstat_tcp_memory_bytes"}}},
     .limit = {"netstack_sockstat_tcp_memory_limit_bytes", "threshold", "pressure"}},
    {.path = Path::kReceive,
     .stage = Stage::kDatagram,
     .resource = "udp_memory",
     .depth = {{{"netstack_sockstat_udp_memory_bytes"}}},
     .limit = {"netstack_sockstat_udp_memory_limit_bytes", "threshold", "max"}},
    {.path = Path::kReceive,
     .stage = Stage::kDatagram,
     .resource = "receive_buffer",
     .depth = {{{"netstack_datagram_receive_queue_fill_ratio", "protocol", "udp"}}}},
    {.path = Path::kTransmit,
     .stage = Stage::kTcp,
     .resource = "orphans",
     .depth = {{{"netstack_sockstat_tcp_orphans"}}},
     .limit = {"netstack_sockstat_tcp_orphans_limit"}},
    {.path = Path::kTransmit,
     .stage = Stage::kTcp,
     .resource = "time_wait",
     .depth = {{{"netstack_sockstat_tcp_time_wait"}}},
     .limit = {"netstack_sockstat_tcp_time_wait_limit"}},
    {.path = Path::kTransmit,
     .stage = Stage::kNeighbour,
     .resource = "ipv4_neighbours",
     .depth = {{{"netstack_neighbour_entries", "ip_version", "4"}}},
     .limit = {"netstack_neighbour_gc_threshold3_entries", "ip_version", "4"}},
    {.path = Path::kTransmit,
     .stage = Stage::kNeighbour,
     .resource = "ipv6_neighbours",
     .depth = {{{"netstack_neighbour_entries", "ip_version", "6"}}},
     .limit = {"netstack_neighbour_gc_threshold3_entries", "ip_version", "6"}},
    {.path = Path::kTransmit,
     .stage = Stage::kQdisc,
     .resource = "queue",
     .depth = {{{"netstack_qdisc_fill_ratio"}}}},
    {.path = Path::kTransmit,
     .stage = Stage::kQueue,
     .resource = "byte_queue_limit",
     .depth = {{{"netstack_queue_bql_fill_ratio"}}}},
    {.path = Path::kReceive,
     .stage = Stage::kListen,
     .resource = "accept_queue",
     .depth = {{{"netstack_listener_accept_queue_peak_ratio"}}},
     .is_peak = true},
    {.path = Path::kReceive,
     .stage = Stage::kTcp,
     .resource = "receive_buffer",
     .depth = {{{"netstack_socket_receive_memory_peak_ratio"}}},
     .is_peak = true},
    {.path = Path::kReceive,
     .stage = Stage::kDatagram,
     .resource = "receive_buffer",
     .depth = {{{"netstack_datagram_receive_memory_peak_ratio"}}},
     .is_peak = true},
    {.path = Path::kTransmit,
     .stage = Stage::kSocket,
     .resource = "send_buffer",
     .depth = {{{"netstack_socket_send_memory_peak_ratio"}}},
     .is_peak = true},
});

constexpr auto kWaitRows = std::to_array<WaitRow>({
    {Path::kReceive, Stage::kNapi, {"netstack_softirq_wait_seconds", "vector", "net_rx"}},
    {Path::kTransmit, Stage::kCompletion, {"netstack_softirq_wait_seconds", "vector", "net_tx"}},
    {Path::kReceive, Stage::kListen, {"netstack_listener_accept_wait_seconds"}},
    {Path::kReceive, Stage::kTcp, {"netstack_tcp_prune_seconds"}},
});

}  // namespace

std::span<const SaturationRow> SaturationRows() {
  return kRows;
}

std::span<const WaitRow> WaitRows() {
  return kWaitRows;
}

}  // namespace netstack
