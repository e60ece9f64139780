#include "collectors/datagram/port_table.h"

#include <algorithm>

namespace netstack::datagram {

void PortTable::Begin() {
  increases_.Begin();
  found_.clear();
}

void PortTable::Add(const DatagramSocket& socket, std::uint32_t port) {
  increases_.Add(socket.cookie, socket.drops, static_cast<std::uint32_t>(found_.size()));
  found_.push_back({.port = port, .bytes = socket.bytes, .limit = socket.limit});
}

// Ports are few: those that clients use are one.
PortSum& PortTable::SumOf(std::uint32_t port) {
  const auto at = std::ranges::lower_bound(sums_, port, {}, &PortSum::port);
  if (at != sums_.end() && at->port == port) return *at;
  const auto before = std::ranges::lower_bound(previous_, port, {}, &PortSum::port);
  const bool known = before != previous_.end() && before->port == port;
  return *sums_.insert(at, {.port = port, .drops = known ? before->drops : 0});
}

std::span<const PortSum> PortTable::End() {
  const bool first = sums_.capacity() == 0;
  std::swap(sums_, previous_);
  sums_.clear();
  for (const SocketIncreases::Socket& socket : increases_.End()) {
    const Found& found = found_[socket.group];
    PortSum& sum = SumOf(found.port);
    ++sum.sockets;
    sum.bytes += found.bytes;
    sum.limit += found.limit;
    sum.drops += socket.increase;
    drops_ += socket.increase;
    if (found.limit > 0) {
      sum.fill =
          std::max(sum.fill, static_cast<double>(found.bytes) / static_cast<double>(found.limit));
    }
  }
  // For the next round, which may have some sockets more.
  if (first) {
    previous_.reserve(2 * sums_.size());
    sums_.reserve(2 * sums_.size());
    found_.reserve(2 * found_.size());
  }
  return sums_;
}

}  // namespace netstack::datagram
