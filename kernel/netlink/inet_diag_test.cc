#include "kernel/netlink/inet_diag.h"

#include <gtest/gtest.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstring>
#include <string>
#include <vector>

#include "kernel/netlink/attribute.h"

namespace netstack {
namespace {

// A listener on 127.0.0.1 port 43865 with backlog 8 and three connections to accept, as Linux 6.18
// (x86-64) told it: inet_diag_msg; attributes shutdown, mark, cgroup and options (8, 15, 21, 22),
// then SKMEMINFO (7).
constexpr std::string_view kListener =
    "020a0000ab5900007f000001000000000000000000000000000000000000000000000000"
    "00000000000000001f2700000000000000000000030000000800000000000000a4151200"
    "050008000000000008000f00000000000c00150001000000000000000600160052000000"
    "280007000000000000000200000000000040000000000000000000000000000000000000"
    "00000000";

std::vector<std::byte> Bytes(std::string_view hex) {
  std::vector<std::byte> out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<std::byte>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

TEST(InetDiagTest, ReadsAListener) {
  const std::vector<std::byte> bytes = Bytes(kListener);
  InetSocket socket;
  ASSERT_TRUE(ParseInetSocket(bytes, socket));
  EXPECT_EQ(socket.family, AF_INET);
  EXPECT_EQ(socket.state, TCP_LISTEN);
  EXPECT_EQ(socket.retransmits, 0);
  EXPECT_EQ(socket.local_port, 43865);
  EXPECT_EQ(socket.remote_port, 0);
  EXPECT_EQ(socket.local_address[0], std::byte{127});
  EXPECT_EQ(socket.local_address[3], std::byte{1});
  EXPECT_EQ(socket.remote_address, decltype(socket.remote_address){});
  EXPECT_EQ(socket.cookie, 0x271fu);
  EXPECT_EQ(socket.inode, 0x1215a4u);
  EXPECT_EQ(socket.cgroup_id, 1u);
  EXPECT_EQ(socket.receive_queue, 3u);
  EXPECT_EQ(socket.transmit_queue, 8u);
  ASSERT_TRUE(socket.memory);
  EXPECT_EQ(socket.memory->receive, 0u);
  EXPECT_EQ(socket.memory->receive_limit, 131072u);
  EXPECT_EQ(socket.memory->transmit_limit, 16384u);
  EXPECT_EQ(socket.memory->drops, 0u);
  EXPECT_TRUE(socket.info.empty());
}

TEST(InetDiagTest, RefusesAMessageCutWithinAnAttribute) {
  const std::vector<std::byte> bytes = Bytes(kListener);
  const std::size_t header = sizeof(inet_diag_msg);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    InetSocket socket;
    const Status parsed = ParseInetSocket(std::span(bytes).first(size), socket);
    // Between attributes nothing tells that more was to come; padding may be missing.
    const bool whole = size == header || (size >= header + 5 && size <= header + 8) ||
                       size == header + 16 || size == header + 28 ||
                       (size >= header + 34 && size <= header + 36);
    EXPECT_EQ(parsed.ok(), whole) << size;
    EXPECT_TRUE(whole || parsed.error().kind == ErrorKind::kMalformed) << size;
    EXPECT_FALSE(socket.memory) << size;
  }
}

TEST(InetDiagTest, TakesTheMemoryOfOlderAndNewerKernels) {
  std::array<std::uint32_t, 12> all = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const auto bytes = std::as_bytes(std::span(all));
  EXPECT_EQ(ParseSocketMemory(bytes)->drops, 9u);
  EXPECT_EQ(ParseSocketMemory(bytes.first(32))->drops, 0u) << "before Linux 4.7";
  EXPECT_EQ(ParseSocketMemory(bytes.first(32))->transmit_queued, 6u);
  EXPECT_EQ(ParseSocketMemory(bytes.first(8))->receive_limit, 2u);
  EXPECT_FALSE(ParseSocketMemory(bytes.first(7)));
}

TEST(InetDiagTest, ForgetsTheSocketBefore) {
  const std::vector<std::byte> bytes = Bytes(kListener);
  InetSocket socket;
  ASSERT_TRUE(ParseInetSocket(bytes, socket));
  ASSERT_TRUE(ParseInetSocket(std::span(bytes).first(sizeof(inet_diag_msg)), socket));
  EXPECT_FALSE(socket.memory);
  EXPECT_EQ(socket.cgroup_id, 0u);
}

TEST(InetDiagTest, AsksForMemoryAndOnRequestForTcpInfo) {
  NetlinkBuilder builder;
  BuildInetRequest({.family = AF_INET6, .protocol = IPPROTO_TCP, .states = 1u << TCP_LISTEN},
                   builder);
  inet_diag_req_v2 request;
  ASSERT_TRUE(ReadHeader(builder.payload(), request));
  EXPECT_EQ(request.sdiag_family, AF_INET6);
  EXPECT_EQ(request.sdiag_protocol, IPPROTO_TCP);
  EXPECT_EQ(request.idiag_states, 1024u);
  EXPECT_EQ(request.idiag_ext, 1 << 6);
  BuildInetRequest({.family = AF_INET, .protocol = IPPROTO_TCP, .info = true}, builder);
  ASSERT_TRUE(ReadHeader(builder.payload(), request));
  EXPECT_EQ(request.idiag_ext, (1 << 6) | (1 << 1));
  EXPECT_EQ(request.idiag_states, UINT32_MAX);
}

}  // namespace
}  // namespace netstack
