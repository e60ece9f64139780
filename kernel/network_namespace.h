#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/netlink/netlink.h"
#include "kernel/result.h"

namespace netstack {

// What tells network namespaces apart: the inode number of their file in nsfs. Unique among those
// that exist; used again some time after one is gone.
using NamespaceId = std::uint64_t;

// Of a link below /proc/PID/ns, such as "net:[4026531840]"; the error names `path`.
Result<NamespaceId> ParseNamespaceLink(std::string_view link, std::string_view path);

// Of a file that a namespace is mounted on, as `ip netns add` does below /run/netns.
Result<NamespaceId> NamespaceIdOfFile(const std::string& path);

// Puts the calling thread into the network namespace that the file stands for (setns, Linux 3.0),
// and keeps no descriptor. There is no way back that cannot fail: call it on a thread that ends
// afterwards. Needs CAP_SYS_ADMIN.
Status EnterNetworkNamespace(const std::string& path);

// The source of the kernel whose sockets live for one request only, so that none keeps alive the
// network namespace of the thread that asked. Cannot listen.
std::unique_ptr<NetlinkSource> MakeTransientNetlinkSource();

}  // namespace netstack
