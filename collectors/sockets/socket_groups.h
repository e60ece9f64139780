#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "collectors/port_set.h"

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
  std::string name;  // "in:443", "out:5432", "other".
  GroupSums sums = {};
  bool has_listener = false;
  std::uint64_t syn_queue = 0;  // Connections in SYN_RECV; of groups with a listener.
};

// Puts connections into a bounded number of groups: by local port when somebody listens on it, by
// remote port when it is one of those configured, the rest together. Which listening ports get a
// group of their own is settled when the first connection comes, the lowest first: the kernel
// lists listeners before connections.
class SocketGroups {
 public:
  static constexpr std::size_t kMost = 250;

  // At most `most` groups beside "other", at most kMost.
  SocketGroups(const PortSet& ports_out, std::size_t most);

  // A new walk.
  void Clear();
  void AddListener(std::uint16_t port);
  // The group of a connection.
  SocketGroup& Of(std::uint16_t local_port, std::uint16_t remote_port);
  // "other" is the last.
  std::span<const SocketGroup> groups();

 private:
  using Table = std::array<std::uint8_t, 65536>;  // Port to 1 + group; 0: none.
  void Settle();
  void AddGroup(std::string_view prefix, std::uint16_t port, Table& table);

  std::size_t most_;
  std::vector<std::uint16_t> listening_;
  std::vector<std::uint16_t> settled_;  // The ports that groups_ is made for.
  std::vector<std::uint16_t> ports_out_;
  bool is_settled_ = false;
  std::vector<SocketGroup> groups_;
  Table in_ = {};
  Table out_ = {};
};

}  // namespace netstack::sockets
