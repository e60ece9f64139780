#include "collectors/sockets/syn_queues.h"

#include <sys/socket.h>

#include <algorithm>
#include <tuple>

namespace netstack::sockets {
namespace {

using Address = std::array<std::byte, 16>;

constexpr Address kAny = {};

auto KeyOf(const SynQueue& queue) {
  return std::tie(queue.ip_version, queue.port, queue.address);
}

// An IPv4 address as a listener of both versions has it, ::ffff:192.0.2.1.
Address Mapped(const Address& four) {
  Address six = {};
  six[10] = six[11] = std::byte{0xff};
  std::copy_n(four.begin(), 4, six.begin() + 12);
  return six;
}

}  // namespace

void SynQueues::Clear() {
  queues_.clear();
  is_settled_ = false;
}

void SynQueues::AddListener(const InetSocket& listener, std::uint64_t connections) {
  if (is_settled_) return;
  queues_.push_back({.ip_version = static_cast<std::uint8_t>(listener.family == AF_INET6 ? 6 : 4),
                     .port = listener.local_port,
                     .address = listener.local_address,
                     .connections = connections});
}

void SynQueues::Settle() {
  is_settled_ = true;
  std::ranges::sort(queues_, {}, KeyOf);
  std::size_t kept = 0;
  for (const SynQueue& queue : queues_) {
    if (kept > 0 && KeyOf(queues_[kept - 1]) == KeyOf(queue)) {
      queues_[kept - 1].connections += queue.connections;
    } else {
      queues_[kept++] = queue;
    }
  }
  queues_.resize(kept);
}

bool SynQueues::Count(std::uint8_t ip_version, std::uint16_t port, const Address& address) {
  const SynQueue wanted = {.ip_version = ip_version, .port = port, .address = address};
  const auto found = std::ranges::lower_bound(queues_, KeyOf(wanted), {}, KeyOf);
  if (found == queues_.end() || KeyOf(*found) != KeyOf(wanted)) return false;
  ++found->connections;
  return true;
}

void SynQueues::AddConnection(const InetSocket& connection) {
  if (!is_settled_) Settle();
  const Address& address = connection.local_address;
  const std::uint16_t port = connection.local_port;
  if (connection.family == AF_INET6) {
    if (!Count(6, port, address)) Count(6, port, kAny);
    return;
  }
  if (Count(4, port, address) || Count(6, port, Mapped(address))) return;
  if (!Count(4, port, kAny)) Count(6, port, kAny);
}

std::span<const SynQueue> SynQueues::queues() {
  if (!is_settled_) Settle();
  return queues_;
}

}  // namespace netstack::sockets
