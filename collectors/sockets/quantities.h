#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "collectors/sockets/distribution.h"
#include "collectors/sockets/tcp_details.h"
#include "kernel/netlink/inet_diag.h"

namespace netstack::sockets {

// What a connection is measured by.
enum class Quantity : std::uint8_t {
  kUnread,
  kUnsent,
  kUnacknowledged,
  kReceiveMemory,
  kTransmitMemory,
  kRtt,
  kRetransmitted,
  kCongestionWindow,
};
inline constexpr std::size_t kQuantities = 8;

// The distributions of all quantities over a set of connections.
class Quantities {
 public:
  Quantities();
  void Clear();
  // A connection: `socket` has memory.
  void Add(const InetSocket& socket, const TcpDetails& details);
  void Add(const Quantities& other);
  const Distribution& Of(Quantity quantity) const {
    return distributions_[static_cast<std::size_t>(quantity)];
  }

 private:
  void Add(Quantity quantity, std::size_t bucket, double value) {
    distributions_[static_cast<std::size_t>(quantity)].Add(bucket, value);
  }
  void AddRatio(Quantity quantity, std::uint32_t part, std::uint32_t whole);

  std::array<Distribution, kQuantities> distributions_;
};

}  // namespace netstack::sockets
