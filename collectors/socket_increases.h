#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace netstack {

// Follows a 32-bit counter that each socket has of its own and takes along when it goes, so that
// sums over sockets can be kept by increases and never fall. What was counted before the first
// round is not an increase: a sum starts at 0 with the program. Keeps its memory from round to
// round.
class SocketIncreases {
 public:
  struct Socket {
    std::uint64_t cookie = 0;    // What tells sockets apart; never used twice.
    std::uint32_t value = 0;     // The counter now.
    std::uint32_t group = 0;     // The caller's own, of this round.
    std::uint32_t tag = 0;       // The caller's own, kept from round to round; 0 for a new socket.
    std::uint32_t increase = 0;  // Since the round before.
  };

  // A round: Begin, Add for each socket, End. A round that is begun and never ended is forgotten.
  void Begin();
  void Add(std::uint64_t cookie, std::uint32_t value, std::uint32_t group);
  // Sockets of this round by cookie, each once. Tags may be changed until the next Begin().
  std::span<Socket> End();

 private:
  std::vector<Socket> sockets_;
  std::vector<Socket> previous_;
  bool first_ = true;
};

}  // namespace netstack
