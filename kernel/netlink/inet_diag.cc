#include "kernel/netlink/inet_diag.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include <cstring>

#include "kernel/netlink/attribute.h"

namespace netstack {
namespace {

constexpr std::string_view kPath = "netlink sock_diag inet";

constexpr std::uint8_t Extension(int attribute) {
  return static_cast<std::uint8_t>(1u << (attribute - 1));
}

}  // namespace

void BuildInetRequest(const InetQuery& query, NetlinkBuilder& out) {
  inet_diag_req_v2 request = {};
  request.sdiag_family = query.family;
  request.sdiag_protocol = query.protocol;
  request.idiag_ext = static_cast<std::uint8_t>(Extension(INET_DIAG_SKMEMINFO) |
                                                (query.info ? Extension(INET_DIAG_INFO) : 0));
  request.idiag_states = query.states;
  out.Clear();
  out.AddHeader(request);
}

std::optional<SocketMemory> ParseSocketMemory(std::span<const std::byte> data) {
  std::array<std::uint32_t, SK_MEMINFO_VARS> all = {};
  if (!ReadHeader(data, all)) {  // Every kernel since 4.7 tells all of it, in one copy.
    const std::size_t count = data.size() / sizeof(std::uint32_t);
    if (count <= SK_MEMINFO_RCVBUF) return std::nullopt;
    std::memcpy(all.data(), data.data(), count * sizeof(std::uint32_t));
  }
  return SocketMemory{.receive = all[SK_MEMINFO_RMEM_ALLOC],
                      .receive_limit = all[SK_MEMINFO_RCVBUF],
                      .transmit_limit = all[SK_MEMINFO_SNDBUF],
                      .transmit_queued = all[SK_MEMINFO_WMEM_QUEUED],
                      .drops = all[SK_MEMINFO_DROPS]};
}

Status ParseInetSocket(std::span<const std::byte> payload, InetSocket& out) {
  inet_diag_msg header;
  if (!ReadHeader(payload, header)) {
    return MalformedAt(kPath, 0, "a message without its header", "");
  }
  out.family = header.idiag_family;
  out.state = header.idiag_state;
  out.retransmits = header.idiag_retrans;
  out.local_port = ntohs(header.id.idiag_sport);
  out.remote_port = ntohs(header.id.idiag_dport);
  std::memcpy(out.local_address.data(), header.id.idiag_src, sizeof out.local_address);
  std::memcpy(out.remote_address.data(), header.id.idiag_dst, sizeof out.remote_address);
  out.cookie = header.id.idiag_cookie[0] | (std::uint64_t{header.id.idiag_cookie[1]} << 32);
  out.inode = header.idiag_inode;
  out.receive_queue = header.idiag_rqueue;
  out.transmit_queue = header.idiag_wqueue;
  out.cgroup_id = 0;
  out.memory.reset();
  out.info = {};
  NetlinkAttributes attributes(AfterHeader(payload, sizeof header));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type == INET_DIAG_SKMEMINFO) {
      out.memory = ParseSocketMemory(attribute.data);
    } else if (attribute.type == INET_DIAG_INFO) {
      out.info = attribute.data;
    } else if (attribute.type == INET_DIAG_CGROUP_ID) {
      (void)ReadHeader(attribute.data, out.cgroup_id);
    }
  }
  if (attributes.malformed()) return MalformedAt(kPath, 0, "an attribute does not fit", "");
  return {};
}

}  // namespace netstack
