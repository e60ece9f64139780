#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/netlink/builder.h"
#include "kernel/netlink/netlink.h"

namespace netstack {

// A generic netlink family as this kernel numbers it; numbers differ from boot to boot.
struct GenericFamily {
  struct Group {
    std::string name;
    std::uint32_t id = 0;
    bool operator==(const Group&) const = default;
  };
  std::uint16_t id = 0;  // The nlmsg_type of its requests.
  std::uint32_t version = 0;
  std::vector<Group> groups;  // Multicast groups.
  bool operator==(const GenericFamily&) const = default;
};

// Asks for a family by name ("ethtool", "netdev") on a NETLINK_GENERIC port. kAbsent when the
// kernel does not have it (its module may not be loaded).
Result<GenericFamily> ResolveGenericFamily(NetlinkPort& port, std::string_view name);

// Begins a generic request; attributes may follow.
void BeginGeneric(NetlinkBuilder& builder, std::uint8_t command, std::uint8_t version = 1);

// Splits a generic message into command and attributes; false when it is too short.
bool SplitGeneric(std::span<const std::byte> payload, std::uint8_t& command,
                  std::span<const std::byte>& attributes);

}  // namespace netstack
