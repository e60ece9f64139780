#include "exporter/doctor/rule_cases.h"

namespace netstack::testing {
namespace {

std::string Udp(std::string_view family, std::string_view port = "53") {
  return "netstack_datagram_" + std::string(family) + "{protocol=\"udp\",port=\"" +
         std::string(port) + "\",ip_version=\"4\"}";
}

// A socket at port 53 that lost 100 datagrams, and one at port 54 that lost some before.
std::vector<Pair> Receiving(double buffer) {
  return {{Loss("receive", "datagram", "receive_buffer_full"), 7, 107},
          {Udp("drops_total"), 7, 107},
          Still(Udp("drops_total", "54"), 5000),
          Still(Udp("sockets"), 1),
          Still(Udp("sockets", "54"), 1),
          Still(Udp("receive_queue_limit_bytes"), buffer),
          Still(Udp("receive_queue_limit_bytes", "54"), 4096),
          Still(Udp("receive_queue_bytes"), 100),
          Still(Udp("receive_queue_fill_ratio"), 0.1)};
}

}  // namespace

std::vector<RuleCase> SocketCases() {
  const std::string full = Loss("receive", "datagram", "receive_buffer_full");
  const std::string memory =
      "netstack_path_saturation_ratio{path=\"receive\",stage=\"tcp\","
      "resource=\"tcp_memory_pressure\"}";
  const auto tcp = [](std::string_view cause) { return Loss("receive", "tcp", cause); };
  const auto pressed = [](std::string_view cause) { return Pressure("receive", "tcp", cause); };
  const std::string larger = "sysctl -w net.ipv4.tcp_rmem=\"4096 131072 12582912\"";
  const std::string more_memory = "sysctl -w net.ipv4.tcp_mem=\"450 600 900\"";
  const Pair no_memory = Still(memory, 1.2);
  return {
      {"udp_buffer_default",
       Receiving(212992),
       "sysctl -w net.core.rmem_default=1048576",
       {Still(Udp("receive_queue_limit_bytes"), 425984)}},
      {"udp_buffer_application",
       Receiving(8192),
       "",
       {Still(Udp("receive_queue_limit_bytes"), 212992)}},
      {"udp_buffer_unknown_socket",
       {{full, 7, 107}},
       "",
       {{Udp("drops_total"), 7, 107},
        Still(Udp("sockets"), 1),
        Still(Udp("receive_queue_limit_bytes"), 8192)}},
      {"datagram_buffer_peak",
       {Still("netstack_path_saturation_peak_ratio{path=\"receive\",stage=\"datagram\","
              "resource=\"receive_buffer\"}",
              0.93),
        Still("netstack_datagram_receive_memory_peak_bytes", 198000),
        Still("netstack_peak_look_back_seconds", 75), Still("netstack_udp_rcvbuf_errors_total", 4),
        Still(Udp("receive_queue_fill_ratio"), 0.1)},
       "",
       {{"netstack_udp_rcvbuf_errors_total", 4, 5}}},
      // Ports that the kernel chose are shown together.
      {"udp_buffer_unknown_socket",
       {{full, 7, 107},
        {Udp("drops_total", "other"), 7, 107},
        Still(Udp("sockets", "other"), 3),
        Still(Udp("receive_queue_limit_bytes", "other"), 3 * 212992)},
       "",
       {{Udp("drops_total"), 7, 1070},
        Still(Udp("sockets"), 1),
        Still(Udp("receive_queue_limit_bytes"), 8192)}},
      {"udp_no_memory",
       {{Loss("receive", "datagram", "no_memory"), 0, 9}},
       "sysctl -w net.ipv4.udp_mem=\"450 600 900\"",
       {Still(Loss("receive", "datagram", "no_memory"), 9), {full, 0, 9}}},
      {"raw_socket_full",
       {{Loss("receive", "datagram", "raw_socket_full"), 0, 9}},
       "",
       {Still(Loss("receive", "datagram", "raw_socket_full"), 9)}},

      {"tcp_receive_queue_full", {{tcp("receive_queue"), 0, 9}}, larger, {no_memory}},
      {"tcp_receive_queue_no_memory",
       {{tcp("receive_queue"), 0, 9}, no_memory},
       more_memory,
       {Still(memory, 0.9)}},
      {"tcp_out_of_order_queue_full", {{tcp("out_of_order_queue"), 0, 9}}, larger, {no_memory}},
      {"tcp_out_of_order_queue_no_memory",
       {{tcp("out_of_order_queue"), 0, 9}, no_memory},
       more_memory,
       {Still(memory, 0.9)}},
      {"tcp_zero_window", {{tcp("zero_window"), 0, 9}}, larger, {Still(tcp("zero_window"), 9)}},
      {"tcp_beyond_window",
       {{tcp("beyond_window"), 0, 9}},
       larger,
       {Still(tcp("beyond_window"), 9)}},
      {"tcp_socket_backlog",
       {{tcp("socket_backlog"), 0, 9}},
       larger,
       {Still(tcp("socket_backlog"), 9)}},
      {"tcp_memory_reserve",
       {{tcp("memory_reserve"), 0, 9}},
       "",
       {Still(tcp("memory_reserve"), 9)}},
      {"tcp_memory_pressure",
       {{pressed("memory_pressure"), 0, 1}},
       more_memory,
       {Still(pressed("memory_pressure"), 1)}},
      {"tcp_prune", {{pressed("prune"), 5, 8}}, larger, {Still(pressed("prune"), 8)}},
      {"tcp_prune_slow_reader",
       {{pressed("prune"), 5, 8}, Still(Tunable("net.ipv4.tcp_rmem", "max"), 67108864)},
       "",
       {Still(Tunable("net.ipv4.tcp_rmem", "max"), 6291456)}},
      {"tcp_long_collapse",
       {{pressed("collapse"), 0, 5000}, Still(Tunable("net.ipv4.tcp_rmem", "max"), 33554432)},
       "sysctl -w net.ipv4.tcp_rmem=\"4096 131072 16777216\"",
       {{tcp("receive_queue"), 0, 9}}},
      {"tcp_slow_reader",
       {{pressed("zero_window_advertised"), 5, 25}},
       "",
       {{pressed("zero_window_advertised"), 5, 14}}},
  };
}

}  // namespace netstack::testing
