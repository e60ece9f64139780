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
  // message of the answer; NLMSG_DONE, NLMSG_ERROR and acknowledgements are not handed out. With
  // NLM_F_DUMP in `flags` the answer is read until NLMSG_DONE whatever the flags of its parts
  // (netdev genl replies carry none); otherwise NLM_F_ACK is added and it is read until the
  // acknowledgement. An answer that was interrupted (NLM_F_DUMP_INTR) or cut (ENOBUFS) is asked for
  // again a few times; `restart`, which may be empty, is called before and has to forget what was
  // visited. NLMSG_ERROR becomes an error that carries the kernel's extended-ack text; messages may
  // have been visited before it. Fails with kTimeout when the kernel does not answer in time.
  virtual Status Request(std::uint16_t type, std::uint16_t flags,
                         std::span<const std::byte> payload, const NetlinkVisitor& visit,
                         const std::function<void()>& restart) = 0;

  // To be called by `visit` when it has seen enough: the request then succeeds without the rest of
  // its answer. A few more messages may come before it does.
  virtual void Stop() {}
};

// Hears what the kernel tells a multicast group without being asked. One thread at a time.
class NetlinkListener {
 public:
  virtual ~NetlinkListener() = default;

  // Calls `visit` for each message that has come since the last call, and does not wait. kIo when
  // some were lost (ENOBUFS) or cut: what they told of may have changed unheard.
  virtual Status TakeNews(const NetlinkVisitor& visit) = 0;
};

// Makes ports by protocol (NETLINK_ROUTE, NETLINK_GENERIC, NETLINK_SOCK_DIAG...).
class NetlinkSource {
 public:
  virtual ~NetlinkSource() = default;
  virtual Result<std::unique_ptr<NetlinkPort>> Open(int protocol) = 0;
  // Joins a multicast group by its number. kUnsupported where there is nothing to hear: a recording
  // has no news.
  virtual Result<std::unique_ptr<NetlinkListener>> Listen(int protocol, std::uint32_t group);
};

// The source of this machine's own kernel. Ports are sockets of the network namespace that the
// thread calling Open() and Request() is in. Opening fails with kUnsupported where the kernel lacks
// the protocol.
std::unique_ptr<NetlinkSource> MakeKernelNetlinkSource();

// "route", "generic", "sock_diag"...; the number for others.
std::string NetlinkProtocolName(int protocol);

}  // namespace netstack
