#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "kernel/bpf/socket_peaks.h"
#include "kernel/netlink/inet_diag.h"

namespace netstack {

// The ends of a TCP connection; an IPv4 address is mapped into IPv6: ::ffff:192.0.2.1.
struct ConnectionName {
  using Address = std::array<std::byte, 16>;
  static constexpr std::size_t kMappedAt = 12;

  // `address` as the kernel gives it, by family.
  static Address Mapped(std::uint8_t family, const Address& address) {
    if (family != AF_INET) return address;
    Address mapped = {};
    mapped[kMappedAt - 2] = mapped[kMappedAt - 1] = std::byte{0xff};
    std::copy_n(address.begin(), 4, mapped.begin() + kMappedAt);
    return mapped;
  }

  // The reverse of Mapped().
  static Address Unmapped(std::uint8_t family, const Address& address) {
    if (family != AF_INET) return address;
    Address unmapped = {};
    std::copy_n(address.begin() + kMappedAt, 4, unmapped.begin());
    return unmapped;
  }

  bool IsIpv4() const {
    Address prefix = local_address;
    std::fill_n(prefix.begin() + kMappedAt, 4, std::byte{0});
    return prefix == Mapped(AF_INET, {});
  }

  Address local_address = {};
  std::uint16_t local_port = 0;
  Address remote_address = {};
  std::uint16_t remote_port = 0;
  auto operator<=>(const ConnectionName&) const = default;
};

inline ConnectionName NameOf(const InetSocket& socket) {
  return {.local_address = ConnectionName::Mapped(socket.family, socket.local_address),
          .local_port = socket.local_port,
          .remote_address = ConnectionName::Mapped(socket.family, socket.remote_address),
          .remote_port = socket.remote_port};
}

inline ConnectionName NameOf(const SocketPeak& peak) {
  return {.local_address = peak.local_address,
          .local_port = peak.local_port,
          .remote_address = peak.remote_address,
          .remote_port = peak.remote_port};
}

}  // namespace netstack
