#pragma once

#include <span>
#include <string>
#include <string_view>

#include "kernel/result.h"

namespace netstack {

// What civetweb calls the address that a person wrote:
//   ":10417" and "[::]:10417"  IPv6 and IPv4, IPv4 only where the kernel has no IPv6
//   "127.0.0.1:0", "[::1]:9100", "localhost:9100"
//   "unix:/path"               always plain HTTP, also when the others have TLS
// Errors (kInvalid) name the address.
Result<std::string> CivetwebListenSpec(std::string_view address, bool tls, bool host_has_ipv6);

// The same of all addresses, as one list for civetweb. Unix sockets are last: it would take one for
// a host name when an address with a port follows.
Result<std::string> CivetwebListenSpecs(std::span<const std::string> addresses, bool tls,
                                        bool host_has_ipv6);

// Whether an IPv6 socket can be made here.
bool HostHasIpv6();

// Removes the socket file at `path` when nobody listens on it any more, as after a crash. A file of
// another kind, or one that is in use, stays, and binding to it will fail.
void RemoveStaleUnixSocket(const std::string& path);

// The path of "unix:/path", empty for other addresses.
std::string UnixSocketPath(std::string_view address);

}  // namespace netstack
