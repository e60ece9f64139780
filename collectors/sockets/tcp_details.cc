#include "collectors/sockets/tcp_details.h"

#include <linux/tcp.h>

#include <cstring>

namespace netstack::sockets {
namespace {

template <class T>
T At(std::span<const std::byte> info, std::size_t offset) {
  T value = 0;
  if (offset + sizeof value <= info.size()) {
    std::memcpy(&value, info.data() + offset, sizeof value);
  }
  return value;
}

}  // namespace

TcpDetails ReadTcpDetails(std::span<const std::byte> info) {
  const auto u32 = [&](std::size_t offset) { return At<std::uint32_t>(info, offset); };
  const auto u64 = [&](std::size_t offset) { return At<std::uint64_t>(info, offset); };
  return {.rtt_us = u32(offsetof(tcp_info, tcpi_rtt)),
          .congestion_window = u32(offsetof(tcp_info, tcpi_snd_cwnd)),
          .retransmitted = u32(offsetof(tcp_info, tcpi_total_retrans)),
          .unsent = u32(offsetof(tcp_info, tcpi_notsent_bytes)),
          .busy_us = u64(offsetof(tcp_info, tcpi_busy_time)),
          .receive_window_limited_us = u64(offsetof(tcp_info, tcpi_rwnd_limited)),
          .send_buffer_limited_us = u64(offsetof(tcp_info, tcpi_sndbuf_limited))};
}

}  // namespace netstack::sockets
