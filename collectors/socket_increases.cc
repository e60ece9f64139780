#include "collectors/socket_increases.h"

#include <algorithm>

namespace netstack {
namespace {

// A counter that fell has wrapped if it was near its end, and is another socket's otherwise: some
// sources tell sockets apart by inode, which comes again in time.
std::uint32_t IncreaseFrom(std::uint32_t before, std::uint32_t now) {
  constexpr std::uint32_t kNearTheEnd = UINT32_MAX / 2;
  return now >= before || before - now > kNearTheEnd ? now - before : now;
}

}  // namespace

void SocketIncreases::Begin() {
  sockets_.clear();
}

void SocketIncreases::Add(std::uint64_t cookie, std::uint32_t value, std::uint32_t group) {
  sockets_.push_back({.cookie = cookie, .value = value, .group = group});
}

std::span<SocketIncreases::Socket> SocketIncreases::End() {
  // With room for the sockets that collectors open in the first round and see in the second.
  if (first_) {
    sockets_.reserve(2 * sockets_.size());
    previous_.reserve(2 * sockets_.size());
  }
  std::ranges::sort(sockets_, {}, &Socket::cookie);
  // A socket that moved within the kernel's table while it was listed can be there twice.
  // (Not std::ranges::unique: clang 14 cannot compile libstdc++ 12's.)
  const auto is_same = [](const Socket& a, const Socket& b) { return a.cookie == b.cookie; };
  sockets_.erase(std::unique(sockets_.begin(), sockets_.end(), is_same), sockets_.end());
  auto before = previous_.begin();
  for (Socket& socket : sockets_) {
    while (before != previous_.end() && before->cookie < socket.cookie) ++before;
    if (before != previous_.end() && before->cookie == socket.cookie) {
      socket.tag = before->tag;
      socket.increase = IncreaseFrom(before->value, socket.value);
    } else if (!first_) {
      socket.increase = socket.value;
    }
  }
  first_ = false;
  std::swap(sockets_, previous_);
  return previous_;
}

}  // namespace netstack
