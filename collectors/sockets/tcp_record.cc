#include "collectors/sockets/tcp_record.h"

#include <sys/socket.h>

#include <chrono>
#include <cstring>

#include "kernel/tick.h"

namespace netstack::sockets {
void ReadRecord(const netstack_tcp_socket& told, InetSocket& out) {
  out = {.family = static_cast<std::uint8_t>(told.is_ipv6 != 0 ? AF_INET6 : AF_INET),
         .state = told.state,
         .local_port = told.local_port,
         .remote_port = told.remote_port,
         .receive_queue = told.receive_queue,
         .transmit_queue = told.transmit_queue};
  std::memcpy(out.local_address.data(), told.local, sizeof out.local_address);
  std::memcpy(out.remote_address.data(), told.remote, sizeof out.remote_address);
  if (told.has_details == 0) return;
  out.memory = SocketMemory{.receive = told.receive_memory,
                            .receive_limit = told.receive_limit,
                            .transmit_limit = told.transmit_limit,
                            .transmit_queued = told.transmit_memory};
}

TcpDetails DetailsOf(const netstack_tcp_socket& told) {
  static const auto kTick = static_cast<std::uint64_t>(
      std::chrono::round<std::chrono::microseconds>(KernelTick()).count());
  return {.rtt_us = told.rtt_us,
          .congestion_window = told.congestion_window,
          .retransmitted = told.retransmitted,
          .unsent = told.unsent,
          .busy_us = told.busy[0] * kTick,
          .receive_window_limited_us = told.busy[1] * kTick,
          .send_buffer_limited_us = told.busy[2] * kTick};
}

}  // namespace netstack::sockets
