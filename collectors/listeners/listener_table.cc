#include "collectors/listeners/listener_table.h"

#include <sys/socket.h>

#include <algorithm>

namespace netstack::listeners {

void ListenerTable::Begin() {
  increases_.Begin();
  found_.clear();
}

void ListenerTable::Add(const InetSocket& socket) {
  const std::uint32_t drops = socket.memory ? socket.memory->drops : 0;
  increases_.Add(socket.cookie, drops, static_cast<std::uint32_t>(found_.size()));
  // A queue of limit 0 takes one connection.
  const double limit = std::max(socket.transmit_queue, 1u);
  found_.push_back(
      {.key = {.ip_version = static_cast<std::uint8_t>(socket.family == AF_INET6 ? 6 : 4),
               .port = socket.local_port,
               .address = socket.local_address},
       .length = socket.receive_queue,
       .limit = socket.transmit_queue,
       .fill = socket.receive_queue / limit,
       .sockets = 1});
}

// Tags are the ordinals. Sockets that have one keep it.
void ListenerTable::GiveOrdinals(std::span<SocketIncreases::Socket> sockets) {
  const auto taken = [&](const Key& key, std::uint32_t ordinal) {
    return std::ranges::any_of(sockets, [&](const SocketIncreases::Socket& socket) {
      return socket.tag == ordinal && found_[socket.group].key == key;
    });
  };
  for (SocketIncreases::Socket& socket : sockets) {
    if (socket.tag != 0) continue;
    std::uint32_t ordinal = 1;
    while (taken(found_[socket.group].key, ordinal)) ++ordinal;
    socket.tag = ordinal;
  }
}

// Both are sorted by key.
void ListenerTable::CarryDrops() {
  auto before = previous_.begin();
  for (Listener& listener : listeners_) {
    while (before != previous_.end() && before->key < listener.key) ++before;
    if (before == previous_.end()) return;
    if (before->key == listener.key) listener.drops += before->drops;
  }
}

std::span<const Listener> ListenerTable::End() {
  const std::span<SocketIncreases::Socket> sockets = increases_.End();
  if (each_) GiveOrdinals(sockets);
  const bool first = listeners_.capacity() == 0;
  std::swap(listeners_, previous_);
  listeners_.clear();
  for (const SocketIncreases::Socket& socket : sockets) {
    listeners_.push_back(found_[socket.group]);
    listeners_.back().drops = socket.increase;
    if (each_) listeners_.back().key.ordinal = socket.tag;
  }
  std::ranges::sort(listeners_, {}, &Listener::key);
  std::size_t kept = 0;
  for (const Listener& listener : listeners_) {
    if (kept > 0 && listeners_[kept - 1].key == listener.key) {
      Listener& sum = listeners_[kept - 1];
      sum.length += listener.length;
      sum.limit += listener.limit;
      sum.fill = std::max(sum.fill, listener.fill);
      sum.sockets += listener.sockets;
      sum.drops += listener.drops;
    } else {
      listeners_[kept++] = listener;
    }
  }
  listeners_.resize(kept);
  CarryDrops();
  if (first) previous_.reserve(listeners_.capacity());  // For the next round.
  return listeners_;
}

}  // namespace netstack::listeners
