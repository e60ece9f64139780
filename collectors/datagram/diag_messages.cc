// packet_diag and unix_diag answers.
#include <linux/packet_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>

#include "collectors/datagram/datagram_socket.h"
#include "kernel/netlink/attribute.h"
#include "kernel/netlink/inet_diag.h"

namespace netstack::datagram {
namespace {

Error Malformed(std::string_view path, std::string_view what) {
  return MalformedAt(path, 0, what, "");
}

}  // namespace

Status ParsePacketSocket(std::span<const std::byte> payload, DatagramSocket& out) {
  constexpr std::string_view kPath = "netlink sock_diag packet";
  out = {};
  packet_diag_msg header;
  if (!ReadHeader(payload, header)) return Malformed(kPath, "a message without its header");
  out.cookie = header.pdiag_cookie[0] | (std::uint64_t{header.pdiag_cookie[1]} << 32);
  NetlinkAttributes attributes(AfterHeader(payload, sizeof header));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type != PACKET_DIAG_MEMINFO) continue;
    const auto memory = ParseSocketMemory(attribute.data);
    if (!memory) return Malformed(kPath, "memory without a receive buffer");
    out.bytes = memory->receive;
    out.limit = memory->receive_limit;
    out.drops = memory->drops;
  }
  if (attributes.malformed()) return Malformed(kPath, "an attribute does not fit");
  return {};
}

Status ParseUnixSocket(std::span<const std::byte> payload, DatagramSocket& out, bool& wanted) {
  constexpr std::string_view kPath = "netlink sock_diag unix";
  out = {};
  unix_diag_msg header;
  if (!ReadHeader(payload, header)) return Malformed(kPath, "a message without its header");
  out.cookie = header.udiag_cookie[0] | (std::uint64_t{header.udiag_cookie[1]} << 32);
  wanted = header.udiag_type == SOCK_DGRAM;
  NetlinkAttributes attributes(AfterHeader(payload, sizeof header));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type != UNIX_DIAG_RQLEN) continue;
    unix_diag_rqlen length;
    if (!ReadHeader(attribute.data, length)) return Malformed(kPath, "a short queue length");
    out.bytes = length.udiag_rqueue;
  }
  if (attributes.malformed()) return Malformed(kPath, "an attribute does not fit");
  return {};
}

}  // namespace netstack::datagram
