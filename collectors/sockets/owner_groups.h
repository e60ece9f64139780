#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/sockets/socket_groups.h"

namespace netstack::sockets {

// Knows whom sockets belong to.
class SocketOwners {
 public:
  static constexpr std::uint32_t kNobody = UINT32_MAX;

  virtual ~SocketOwners() = default;
  // Looks who there is, before a walk.
  virtual Status Read() = 0;
  // Owners have numbers from 0 to size() - 1 until the next Read.
  virtual std::uint32_t OwnerOf(const InetSocket& socket) const = 0;
  virtual std::size_t size() const = 0;
  virtual std::string_view NameOf(std::uint32_t owner) const = 0;
};

// Groups by owner. The first to come have groups, which they keep until a walk finds no connection
// of theirs; the others are in "other", and so are connections of nobody known.
class OwnerGroups : public SocketGroups {
 public:
  // Names of groups are `prefix` and the owner's name. At most `most` beside "other".
  OwnerGroups(std::unique_ptr<SocketOwners> owners, std::string_view prefix, std::size_t most);

  Status Begin() override;
  void AddListener(const InetSocket&) override {}
  SocketGroup& Of(const InetSocket& connection) override;
  std::span<const SocketGroup> groups() override;

 private:
  static constexpr std::uint8_t kUnknown = UINT8_MAX;
  // Where the owner's connections go; makes a group for it while there is room.
  std::uint8_t Place(std::uint32_t owner);

  std::unique_ptr<SocketOwners> owners_;
  std::string prefix_;
  std::size_t most_;
  std::vector<SocketGroup> groups_;
  std::vector<std::uint8_t> group_of_;  // By owner: 1 + group, 0 for "other", or kUnknown.
};

}  // namespace netstack::sockets
