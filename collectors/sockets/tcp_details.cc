#include "collectors/sockets/tcp_details.h"

#include <linux/tcp.h>

#include <algorithm>
#include <cstring>

namespace netstack::sockets {

TcpDetails ReadTcpDetails(std::span<const std::byte> info) {
  tcp_info all = {};
  std::memcpy(&all, info.data(), std::min(info.size(), sizeof all));
  return {.rtt_us = all.tcpi_rtt,
          .congestion_window = all.tcpi_snd_cwnd,
          .retransmitted = all.tcpi_total_retrans,
          .unsent = all.tcpi_notsent_bytes,
          .busy_us = all.tcpi_busy_time,
          .receive_window_limited_us = all.tcpi_rwnd_limited,
          .send_buffer_limited_us = all.tcpi_sndbuf_limited};
}

}  // namespace netstack::sockets
