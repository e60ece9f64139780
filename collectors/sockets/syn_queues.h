#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "kernel/netlink/inet_diag.h"

namespace netstack::sockets {

// Connections in SYN_RECV of one listening address and port. Which of several sockets that share
// them (SO_REUSEPORT) a connection waits for, the kernel does not tell.
struct SynQueue {
  std::uint8_t ip_version = 4;
  std::uint16_t port = 0;
  std::array<std::byte, 16> address = {};
  std::uint64_t connections = 0;
};

// Finds the listener of connections that are being opened, or adds up what listeners say
// themselves. Keeps its memory.
class SynQueues {
 public:
  // A new walk.
  void Clear();
  // The kernel lists listeners before connections: one that comes later is not heard of.
  // `connections`: those that it is known to have.
  void AddListener(const InetSocket& listener, std::uint64_t connections = 0);
  // A connection in SYN_RECV: it belongs to the listener on its own address, or on any address.
  void AddConnection(const InetSocket& connection);
  // By IP version, port and address.
  std::span<const SynQueue> queues();

 private:
  void Settle();
  bool Count(std::uint8_t ip_version, std::uint16_t port, const std::array<std::byte, 16>& address);

  bool is_settled_ = false;
  std::vector<SynQueue> queues_;
};

}  // namespace netstack::sockets
