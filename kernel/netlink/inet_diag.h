#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "kernel/netlink/builder.h"
#include "kernel/result.h"

namespace netstack {

// What to ask sock_diag for (NETLINK_SOCK_DIAG, message SOCK_DIAG_BY_FAMILY, as a dump).
struct InetQuery {
  std::uint8_t family = 0;            // AF_INET or AF_INET6.
  std::uint8_t protocol = 0;          // IPPROTO_TCP, IPPROTO_UDP...
  std::uint32_t states = UINT32_MAX;  // Bit 1 << TCP_LISTEN, ...; the kernel filters.
  bool info = false;                  // With struct tcp_info.
};

// The payload of the request; memory is always asked for.
void BuildInetRequest(const InetQuery& query, NetlinkBuilder& out);

// Memory of one socket as sock_diag tells it (enum SK_MEMINFO_*), in bytes.
struct SocketMemory {
  std::uint32_t receive = 0;        // Charged to the receive buffer, overhead included.
  std::uint32_t receive_limit = 0;  // SO_RCVBUF as the kernel doubled it.
  std::uint32_t transmit_limit = 0;
  std::uint32_t transmit_queued = 0;  // TCP: what waits to be sent or acknowledged, with overhead.
  std::uint32_t drops = 0;            // Since the socket was made; wraps.
};
// nullopt when the attribute has no receive buffer. Numbers an older kernel does not tell are 0:
// drops are known since Linux 4.7.
std::optional<SocketMemory> ParseSocketMemory(std::span<const std::byte> data);

// One socket of an answer.
struct InetSocket {
  std::uint8_t family = 0;
  std::uint8_t state = 0;        // TCP_ESTABLISHED...
  std::uint8_t retransmits = 0;  // Of the segment under way, or of the SYN+ACK.
  std::uint16_t local_port = 0;  // In the machine's byte order, as all numbers here.
  std::uint16_t remote_port = 0;
  std::array<std::byte, 16> local_address = {};  // In network byte order; IPv4 fills the first 4.
  std::array<std::byte, 16> remote_address = {};
  std::uint64_t cookie = 0;          // Never used again for another socket.
  std::uint32_t inode = 0;           // 0: no program holds it.
  std::uint32_t receive_queue = 0;   // LISTEN: connections to accept. Otherwise unread bytes.
  std::uint32_t transmit_queue = 0;  // LISTEN: limit of those. TCP: bytes not acknowledged or sent.
  // Of the control group (version 2) that made the socket: the inode of its directory. 0 before
  // Linux 5.9, and for TIME_WAIT and SYN_RECV.
  std::uint64_t cgroup_id = 0;
  std::optional<SocketMemory> memory = {};
  std::span<const std::byte> info = {};  // struct tcp_info, as long as the kernel has it. Points
                                         // into the message.
};

// Parses the payload of an answer. `out` is overwritten. kMalformed when an attribute does not fit.
Status ParseInetSocket(std::span<const std::byte> payload, InetSocket& out);

}  // namespace netstack
