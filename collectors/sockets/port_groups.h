#pragma once

#include <array>
#include <vector>

#include "collectors/port_set.h"
#include "collectors/sockets/socket_groups.h"

namespace netstack::sockets {

// Groups by local port when somebody listens on it, by remote port when it is one of those
// configured. Which listening ports get a group of their own is settled when the first connection
// comes, the lowest first.
class PortGroups : public SocketGroups {
 public:
  // At most `most` groups beside "other", at most kMost.
  PortGroups(const PortSet& ports_out, std::size_t most);

  Status Begin() override;
  void AddListener(const InetSocket& listener) override;
  SocketGroup& Of(const InetSocket& connection) override;
  std::span<const SocketGroup> groups() override;

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
