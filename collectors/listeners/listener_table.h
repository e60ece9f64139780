#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "collectors/socket_increases.h"
#include "kernel/netlink/inet_diag.h"

namespace netstack::listeners {

// What listening sockets are put together by.
struct Key {
  std::uint8_t ip_version = 4;
  std::uint16_t port = 0;
  std::array<std::byte, 16> address = {};
  std::uint32_t ordinal = 0;  // 1, 2... when each socket is on its own; 0 when they are summed.
  auto operator<=>(const Key&) const = default;  // NOLINT: its 0 is no pointer, clang-tidy 14
};

struct Listener {
  Key key;
  std::uint64_t length = 0;
  std::uint64_t limit = 0;
  double fill = 0;  // Of the fullest socket.
  std::uint64_t sockets = 0;
  std::uint64_t drops = 0;  // Since the table was made; does not fall while the listener exists.
};

// The listeners of a host over the rounds. Keeps its memory.
class ListenerTable {
 public:
  // With `each`, a socket keeps its ordinal for life, and a new one takes the lowest that is free.
  explicit ListenerTable(bool each) : each_(each) {}

  // A round: Begin, Add for each listening socket, End. A round that is begun and never ended is
  // forgotten.
  void Begin();
  void Add(const InetSocket& socket);
  // By IP version, port, address and ordinal.
  std::span<const Listener> End();

 private:
  void GiveOrdinals(std::span<SocketIncreases::Socket> sockets);
  void CarryDrops();

  bool each_;
  SocketIncreases increases_;
  std::vector<Listener> found_;  // One for each socket.
  std::vector<Listener> listeners_;
  std::vector<Listener> previous_;
};

}  // namespace netstack::listeners
