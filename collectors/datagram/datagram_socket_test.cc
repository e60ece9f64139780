// What Linux 6.18 (x86-64) told of sockets made for this in a network namespace of their own.
#include "collectors/datagram/datagram_socket.h"

#include <gtest/gtest.h>

#include <string>

namespace netstack::datagram {
namespace {

constexpr std::string_view kRaw =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode ref pointer drops\n"
    " 211: 0100007F:0001 0100007F:0000 01 00000000:00003200 00:00000000 00000000     0        0 "
    "1220246 2 000000008ce13012 0\n"
    " 240: 00000000:0011 00000000:0000 07 00000000:00001400 00:00000000 00000000     0        0 "
    "1220245 2 00000000c49cf08b 6\n";

constexpr std::string_view kRaw6 =
    "  sl  local_address                         remote_address                        st tx_queue "
    "rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n"
    "   99: 00000000000000000000000000000000:003A 00000000000000000000000000000000:0000 07 "
    "00000000:00000000 00:00000000 00000000     0        0 1220247 2 00000000d006e69f 0\n";

constexpr std::string_view kNetlink =
    "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
    "00000000a237c02b 0   0          00000000 0        0        0     2        0        1220200 \n"
    "0000000044361cfc 4   8985       00000000 2304     0        0     2        7        1220206 \n";

// packet_diag_msg and memory.
constexpr std::string_view kPacket =
    "110303009a9e12003f27000000000000"
    "28000600005000000040030000000000004003000000000000000000000000000000000000000000";
// unix_diag_msg and the queue's length; a shutdown byte follows.
constexpr std::string_view kUnix =
    "010201009c9e120040270000000000000c00040005000000000000000500060000000000";

std::vector<std::byte> Bytes(std::string_view hex) {
  std::vector<std::byte> out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<std::byte>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

using Sockets = std::vector<DatagramSocket>;

TEST(RawFileTest, ReadsQueuesAndDrops) {
  Sockets sockets = {{.cookie = 1}};
  ASSERT_TRUE(ParseRawFile(kRaw, "/proc/net/raw", sockets));
  EXPECT_EQ(
      sockets,
      (Sockets{{.cookie = 1220246, .port = 1, .connected = true, .bytes = 0x3200},
               {.cookie = 1220245, .port = 17, .connected = false, .bytes = 0x1400, .drops = 6}}));
  ASSERT_TRUE(ParseRawFile(kRaw6, "/proc/net/raw6", sockets));
  EXPECT_EQ(sockets, (Sockets{{.cookie = 1220247, .port = 58}}));
}

TEST(RawFileTest, RefusesACutLine) {
  Sockets sockets;
  const Status parsed = ParseRawFile(kRaw.substr(0, kRaw.size() - 4), "/proc/net/raw", sockets);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().line, 3u);
  EXPECT_FALSE(ParseRawFile("", "/proc/net/raw", sockets));
}

TEST(NetlinkFileTest, FindsItsColumnsByName) {
  Sockets sockets;
  ASSERT_TRUE(ParseNetlinkFile(kNetlink, "/proc/net/netlink", sockets));
  EXPECT_EQ(sockets,
            (Sockets{{.cookie = 1220200}, {.cookie = 1220206, .bytes = 2304, .drops = 7}}));
  ASSERT_TRUE(ParseNetlinkFile("Inode New Drops Rmem\n5 x 6 7\n", "x", sockets));
  EXPECT_EQ(sockets, (Sockets{{.cookie = 5, .bytes = 7, .drops = 6}}));
}

TEST(NetlinkFileTest, RefusesACounterOfMoreThan32Bits) {
  Sockets sockets;
  EXPECT_TRUE(ParseNetlinkFile("Inode Drops Rmem\n5 4294967295 7\n", "x", sockets));
  EXPECT_FALSE(ParseNetlinkFile("Inode Drops Rmem\n5 4294967296 7\n", "x", sockets));
}

TEST(NetlinkFileTest, RefusesMissingColumnsAndCutLines) {
  Sockets sockets;
  EXPECT_FALSE(ParseNetlinkFile("sk Eth Pid Rmem Inode\n", "x", sockets));
  const Status parsed = ParseNetlinkFile(kNetlink.substr(0, kNetlink.size() - 20), "x", sockets);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().line, 3u);
}

TEST(PacketMessageTest, ReadsMemoryAndDrops) {
  const std::vector<std::byte> bytes = Bytes(kPacket);
  DatagramSocket socket;
  ASSERT_TRUE(ParsePacketSocket(bytes, socket));
  EXPECT_EQ(socket, (DatagramSocket{.cookie = 0x273f, .bytes = 0x5000, .limit = 212992}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(ParsePacketSocket(std::span(bytes).first(size), socket).ok(), size == 16) << size;
  }
}

TEST(UnixMessageTest, ReadsTheQueueOfDatagrams) {
  std::vector<std::byte> bytes = Bytes(kUnix);
  DatagramSocket socket;
  bool wanted = false;
  ASSERT_TRUE(ParseUnixSocket(bytes, socket, wanted));
  EXPECT_TRUE(wanted);
  EXPECT_EQ(socket, (DatagramSocket{.cookie = 0x2740, .bytes = 5}));
  bytes[1] = std::byte{1};  // SOCK_STREAM
  ASSERT_TRUE(ParseUnixSocket(bytes, socket, wanted));
  EXPECT_FALSE(wanted);
  for (const std::size_t size : {15u, 17u, 27u, 30u}) {
    EXPECT_FALSE(ParseUnixSocket(std::span(bytes).first(size), socket, wanted)) << size;
  }
}

}  // namespace
}  // namespace netstack::datagram
