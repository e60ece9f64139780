#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack::datagram {

// One socket, whatever told of it.
struct DatagramSocket {
  std::uint64_t cookie = 0;  // Tells sockets of one protocol apart.
  std::uint16_t port = 0;    // Local port; of a raw socket the IP protocol.
  bool connected = false;
  std::uint64_t bytes = 0;  // In the receive queue, the kernel's overhead included.
  std::uint64_t limit = 0;  // Of those; 0 when it is not told.
  std::uint32_t drops = 0;
  bool operator==(const DatagramSocket&) const = default;
};

// Payloads of PACKET_DIAG and UNIX_DIAG answers. False in `wanted` when the socket is not one of
// datagrams; `out` is then of no use.
Status ParsePacketSocket(std::span<const std::byte> payload, DatagramSocket& out);
Status ParseUnixSocket(std::span<const std::byte> payload, DatagramSocket& out, bool& wanted);

// /proc/net/raw and raw6; `path` is for errors. `out` is overwritten.
Status ParseRawFile(std::string_view text, std::string_view path, std::vector<DatagramSocket>& out);
// /proc/net/netlink.
Status ParseNetlinkFile(std::string_view text, std::string_view path,
                        std::vector<DatagramSocket>& out);

}  // namespace netstack::datagram
