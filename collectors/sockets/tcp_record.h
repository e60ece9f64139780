#pragma once

#include "collectors/sockets/tcp_details.h"
#include "kernel/bpf/programs/tcp_sockets.h"
#include "kernel/netlink/inet_diag.h"

namespace netstack::sockets {

// What an iterator in the kernel tells of a socket, as sock_diag would have told it.
void ReadRecord(const netstack_tcp_socket& told, InetSocket& out);
TcpDetails DetailsOf(const netstack_tcp_socket& told);

}  // namespace netstack::sockets
