#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "collectors/sockets/quantities.h"
#include "kernel/netlink/inet_diag.h"

namespace netstack::sockets {

// Sums and maxima over the connections of a group.
struct GroupSums {
  std::uint64_t sockets = 0;
  std::uint64_t receive_queue = 0;
  std::uint64_t receive_queue_max = 0;
  std::uint64_t transmit_queue = 0;
  std::uint64_t transmit_queue_max = 0;
};

struct SocketGroup {
  std::string name;  // "in:443", "out:5432", "cgroup:/system.slice", "process:nginx", "other".
  GroupSums sums = {};
  std::unique_ptr<Quantities> quantities = nullptr;  // Null unless asked for.
};

// Puts the connections of a walk into a bounded number of groups, the last of which is "other".
class SocketGroups {
 public:
  static constexpr std::size_t kMost = 250;

  virtual ~SocketGroups() = default;

  // A new walk. An error explains why connections may be found in "other" only.
  virtual Status Begin() = 0;
  // The kernel lists listeners before connections.
  virtual void AddListener(const InetSocket& listener) = 0;
  // The group of a connection, valid until the next call.
  virtual SocketGroup& Of(const InetSocket& connection) = 0;
  virtual std::span<const SocketGroup> groups() = 0;
};

}  // namespace netstack::sockets
