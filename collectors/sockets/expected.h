#pragma once

#include <cstdint>
#include <string_view>

namespace netstack::sockets {

// How many TCP sockets the texts of /proc/net/sockstat and sockstat6 tell of: those in use and
// those in TIME_WAIT. 0 when they do not. Connections in SYN_RECV are not in it.
std::uint64_t ExpectedSockets(std::string_view sockstat, std::string_view sockstat6);

}  // namespace netstack::sockets
