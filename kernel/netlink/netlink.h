#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "kernel/result.h"

namespace netstack {

// One netlink message of a reply, valid during the callback only.
struct NetlinkMessage {
  std::uint16_t type = 0;              // nlmsg_type.
  std::uint16_t flags = 0;             // nlmsg_flags.
  std::span<const std::byte> payload;  // After the nlmsghdr.
};

using NetlinkVisitor = std::function<void(const NetlinkMessage&)>;

// Asks one netlink protocol of the kernel and hands out the replies. Implementations: the socket,
// a recorder around it, a replayer of recorded bytes. One thread at a time.
class NetlinkPort {
 public:
  virtual ~NetlinkPort() = default;

  // Sends `type` with `flags` (NLM_F_REQUEST is added) and `payload`, and calls `visit` for each
  // message of the answer. A dump is read until NLMSG_DONE whatever the flags of its parts (netdev
  // genl replies carry none); an interrupted dump (NLM_F_DUMP_INTR) is asked for again, in which
  // case `restart` is called first. NLMSG_ERROR becomes an error that carries the kernel's
  // extended-ack text. Fails with kTimeout when the kernel does not answer in time.
  virtual Status Request(std::uint16_t type, std::uint16_t flags,
                         std::span<const std::byte> payload, const NetlinkVisitor& visit,
                         const std::function<void()>& restart) = 0;
};

// Makes ports by protocol (NETLINK_ROUTE, NETLINK_GENERIC, NETLINK_SOCK_DIAG...).
class NetlinkSource {
 public:
  virtual ~NetlinkSource() = default;
  virtual Result<std::unique_ptr<NetlinkPort>> Open(int protocol) = 0;
};

}  // namespace netstack
