#pragma once

#include <string>

#include "collectors/sockets/owner_groups.h"
#include "kernel/socket_holders.h"

namespace netstack::sockets {

// Processes own sockets, all of one name together.
class ProcessOwners : public SocketOwners {
 public:
  static constexpr std::size_t kMostDescriptors = 200'000;  // About a fifth of a second.

  explicit ProcessOwners(std::string procfs) : holders_(std::move(procfs)) {}

  // kNoPermission, with what could be read, when there are processes that it may not look into.
  Status Read() override;
  std::uint32_t OwnerOf(const InetSocket& socket) const override {
    return socket.inode == 0 ? kNobody : holders_.NameNumber(socket.inode);
  }
  std::size_t size() const override { return holders_.names().size(); }
  std::string_view NameOf(std::uint32_t owner) const override { return holders_.names()[owner]; }

 private:
  SocketHolders holders_;
};

}  // namespace netstack::sockets
