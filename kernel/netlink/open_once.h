#pragma once

#include <memory>
#include <utility>

#include "kernel/netlink/netlink.h"

namespace netstack {

// Opens `port` where there is none yet. After an error there is still none: the next call tries
// again.
inline Status OpenOnce(NetlinkSource& source, int protocol, std::unique_ptr<NetlinkPort>& port) {
  if (port != nullptr) return {};
  Result<std::unique_ptr<NetlinkPort>> opened = source.Open(protocol);
  if (!opened) return opened.error();
  port = std::move(*opened);
  return {};
}

}  // namespace netstack
