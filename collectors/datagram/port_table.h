#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "collectors/datagram/datagram_socket.h"
#include "collectors/socket_increases.h"

namespace netstack::datagram {

// Sockets of one protocol by local port.
struct PortSum {
  // All ports that are not told apart: higher than any.
  static constexpr std::uint32_t kOther = 65536;

  std::uint32_t port = 0;
  std::uint64_t sockets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t limit = 0;
  double fill = 0;          // Bytes over limit of the fullest socket.
  std::uint64_t drops = 0;  // Since the table was made; does not fall while the port exists.
};

// Keeps its memory from round to round.
class PortTable {
 public:
  // A round: Begin, Add for each socket, End. A round that is begun and never ended is forgotten.
  void Begin();
  void Add(const DatagramSocket& socket, std::uint32_t port);
  // By port.
  std::span<const PortSum> End();
  // Of all ports since the table was made, those that are gone too.
  std::uint64_t drops() const { return drops_; }

 private:
  struct Found {
    std::uint32_t port;
    std::uint64_t bytes;
    std::uint64_t limit;
  };
  PortSum& SumOf(std::uint32_t port);

  SocketIncreases increases_;
  std::vector<Found> found_;
  std::vector<PortSum> sums_;
  std::vector<PortSum> previous_;
  std::uint64_t drops_ = 0;
};

}  // namespace netstack::datagram
