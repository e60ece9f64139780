#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace netstack::sockets {

// What is used of struct tcp_info. Fields that an older kernel does not have are 0.
struct TcpDetails {
  std::uint32_t rtt_us = 0;             // Smoothed; 0 before the first measurement.
  std::uint32_t congestion_window = 0;  // Segments.
  std::uint32_t retransmitted = 0;      // Segments, over the connection's life.
  std::uint32_t unsent = 0;             // Bytes; since Linux 4.6.
  // Microseconds over the connection's life; since Linux 4.10.
  std::uint64_t busy_us = 0;
  std::uint64_t receive_window_limited_us = 0;
  std::uint64_t send_buffer_limited_us = 0;
  bool operator==(const TcpDetails&) const = default;
};

// `info` is INET_DIAG_INFO, as long as the kernel has it.
TcpDetails ReadTcpDetails(std::span<const std::byte> info);

}  // namespace netstack::sockets
