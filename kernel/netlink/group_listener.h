#pragma once

#include <cstdint>
#include <memory>

#include "kernel/netlink/netlink.h"

namespace netstack {

// A listener on a socket of its own, in the network namespace of the calling thread. Joining the
// groups that are used here needs no privilege.
Result<std::unique_ptr<NetlinkListener>> ListenToGroup(int protocol, std::uint32_t group);

}  // namespace netstack
