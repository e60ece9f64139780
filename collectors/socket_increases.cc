#include "collectors/socket_increases.h"

#include <algorithm>

namespace netstack {

void SocketIncreases::Begin() {
  sockets_.clear();
}

void SocketIncreases::Add(std::uint64_t cookie, std::uint32_t value, std::uint32_t group) {
  sockets_.push_back({.cookie = cookie, .value = value, .group = group});
}

std::span<SocketIncreases::Socket> SocketIncreases::End() {
  std::ranges::sort(sockets_, {}, &Socket::cookie);
  // A socket that moved within the kernel's table while it was listed can be there twice.
  const auto twice = std::ranges::unique(sockets_, {}, &Socket::cookie);
  sockets_.erase(twice.begin(), twice.end());
  auto before = previous_.begin();
  for (Socket& socket : sockets_) {
    while (before != previous_.end() && before->cookie < socket.cookie) ++before;
    if (before != previous_.end() && before->cookie == socket.cookie) {
      socket.tag = before->tag;
      socket.increase = socket.value - before->value;  // Right across a wrap.
    } else if (!first_) {
      socket.increase = socket.value;
    }
  }
  first_ = false;
  std::swap(sockets_, previous_);
  return previous_;
}

}  // namespace netstack
