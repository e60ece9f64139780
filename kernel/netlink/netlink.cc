#include "kernel/netlink/netlink.h"

#include <linux/netlink.h>

namespace netstack {

Result<std::unique_ptr<NetlinkListener>> NetlinkSource::Listen(int protocol, std::uint32_t) {
  return Error{.kind = ErrorKind::kUnsupported,
               .path = "netlink " + NetlinkProtocolName(protocol),
               .what = "nothing to listen to"};
}

std::string NetlinkProtocolName(int protocol) {
  switch (protocol) {
    case NETLINK_ROUTE:
      return "route";
    case NETLINK_SOCK_DIAG:
      return "sock_diag";
    case NETLINK_NETFILTER:
      return "netfilter";
    case NETLINK_GENERIC:
      return "generic";
    default:
      return std::to_string(protocol);
  }
}

}  // namespace netstack
