#pragma once

#include "exporter/http/message.h"

namespace netstack {

// Who may see the addresses of sockets and their peers: a client on this machine (loopback or a
// unix socket), one that has identified itself, or anybody when `always` (--web.show-sockets) says
// so. A proxy on this machine that speaks for somebody else is not a client on this machine.
bool MayShowAddresses(const Request& request, bool always);

// 403 with a text that says what would help. For whom MayShowAddresses is false.
Response AddressesRefused();

}  // namespace netstack
