#include <gtest/gtest.h>
#include <linux/packet_diag.h>
#include <netinet/in.h>

#include <algorithm>

#include "collectors/catalog.h"
#include "collectors/datagram/families.h"
#include "collectors/sock_diag_test_host.h"

namespace netstack::datagram {

extern const CollectorDeclaration kCollector;

namespace {

using Page = std::vector<std::string>;
constexpr std::uint8_t kUnconnected = 7;
constexpr std::uint8_t kConnected = 1;

class DatagramTest : public testing::Test {
 protected:
  DatagramTest() {
    std::string name = testing::TempDir() + "netstack_datagram_test.XXXXXX";
    root_ = mkdtemp(name.data());
    host_.SetRoots({.procfs = root_ / "proc", .sysfs = root_ / "sys", .rootfs = root_});
    Put("proc/sys/net/ipv4/ip_local_port_range", "40000\t41000\n");
  }
  ~DatagramTest() override { std::filesystem::remove_all(root_); }

  void Put(const std::string& below, const std::string& text) {
    std::filesystem::create_directories((root_ / below).parent_path());
    std::ofstream(root_ / below) << text;
  }
  void PutRaw(const std::vector<std::pair<int, int>>& inodes_and_drops) {
    std::string text = "heading\n";
    for (const auto& [inode, drops] : inodes_and_drops) {
      text += " 1: 00000000:0059 00000000:0000 07 00000000:00000200 00:00000000 00000000 0 0 " +
              std::to_string(inode) + " 2 00000000c49cf08b " + std::to_string(drops) + "\n";
    }
    Put("proc/net/raw", text);
  }
  static MadeSocket Udp(std::uint64_t cookie, std::uint16_t port, std::uint32_t bytes,
                        std::uint32_t limit, std::uint32_t drops = 0) {
    MadeSocket made = {.state = kUnconnected, .cookie = cookie, .port = port};
    made.memory[SK_MEMINFO_RMEM_ALLOC] = bytes;
    made.memory[SK_MEMINFO_RCVBUF] = limit;
    made.memory[SK_MEMINFO_DROPS] = drops;
    return made;
  }
  void Have(const std::vector<MadeSocket>& sockets) { host_.made.Have(IPPROTO_UDP, sockets); }

  SockDiagHost host_{kCollector};
  std::filesystem::path root_;
};

std::string Line(std::string_view name, std::string_view labels, std::string_view value) {
  return "netstack_datagram_" + std::string(name) + "{protocol=\"udp\",port=\"" +
         std::string(labels) + "\",ip_version=\"4\"} " + std::string(value);
}

TEST_F(DatagramTest, DoesNotAskForWhatHasNoSocket) {
  Have({Udp(1, 53, 100, 1000)});
  const Page before = host_.Page();
  EXPECT_EQ(host_.made.requests, 6) << "UDP and UDP-Lite of both versions, packet and unix";
  Put("proc/net/sockstat", "sockets: used 3\nUDP: inuse 1 mem 0\nUDPLITE: inuse 0\n");
  Put("proc/net/sockstat6", "UDP6: inuse 0\n");
  host_.made.requests = 0;
  EXPECT_EQ(host_.Page(), before);
  EXPECT_EQ(host_.made.requests, 4) << "how many use UDP-Lite over IPv6 is not known";
}

TEST_F(DatagramTest, ShowsQueuesByPortAndWhatClientsUseTogether) {
  MadeSocket client = Udp(3, 53, 10, 100);
  client.state = kConnected;
  Have({Udp(1, 53, 50, 200), Udp(2, 53, 90, 100), client, Udp(4, 40000, 1, 100),
        Udp(5, 41000, 2, 100)});
  EXPECT_EQ(
      host_.Page("udp"),
      (Page{Line("sockets", "53", "2"), Line("sockets", "other", "3"),
            Line("receive_queue_bytes", "53", "140"), Line("receive_queue_bytes", "other", "13"),
            Line("receive_queue_limit_bytes", "53", "300"),
            Line("receive_queue_limit_bytes", "other", "300"),
            Line("receive_queue_fill_ratio", "53", "0.90000000000000002"),
            Line("receive_queue_fill_ratio", "other", "0.10000000000000001"),
            Line("drops_total", "53", "0"), Line("drops_total", "other", "0")}));
}

TEST_F(DatagramTest, ShowsAPortOfTheClientsRangeOnRequest) {
  host_.SetOption("ports", "40000-40002");
  Have({Udp(1, 40002, 0, 1), Udp(2, 40003, 0, 1)});
  EXPECT_EQ(host_.Page("sockets{"),
            (Page{Line("sockets", "40002", "1"), Line("sockets", "other", "1")}));
}

TEST_F(DatagramTest, CountsDropsOnThoughSocketsComeAndGo) {
  Have({Udp(1, 53, 0, 1, 70)});
  EXPECT_EQ(host_.Page("drops_total"), Page{Line("drops_total", "53", "0")});
  Have({Udp(1, 53, 0, 1, 72), Udp(2, 53, 0, 1, 5)});
  EXPECT_EQ(host_.Page("drops_total"), Page{Line("drops_total", "53", "7")});
  Have({Udp(2, 53, 0, 1, 6)});
  EXPECT_EQ(host_.Page("drops_total"), Page{Line("drops_total", "53", "8")});
}

TEST_F(DatagramTest, CountsRawSocketsForTheLedgerThoughThereIsNone) {
  PutRaw({});
  const std::string raw = R"(netstack_datagram_raw_drops_total{ip_version="4"} )";
  const std::string port = R"({protocol="raw",port="89",ip_version="4"} )";
  EXPECT_EQ(host_.Page("raw"), Page{raw + "0"});
  PutRaw({{10, 6}});
  EXPECT_EQ(host_.Page("raw"), (Page{"netstack_datagram_sockets" + port + "1",
                                     "netstack_datagram_receive_queue_bytes" + port + "512",
                                     "netstack_datagram_drops_total" + port + "6", raw + "6"}));
  PutRaw({});
  EXPECT_EQ(host_.Page("raw"), Page{raw + "6"}) << "it does not fall";
}

TEST_F(DatagramTest, ShowsPacketUnixAndNetlinkSockets) {
  NetlinkBuilder packet;
  packet.AddHeader(packet_diag_msg{});
  const std::array<std::uint32_t, SK_MEMINFO_VARS> memory = {30, 60, 0, 0, 0, 0, 0, 0, 0};
  packet.AddBytes(PACKET_DIAG_MEMINFO, std::as_bytes(std::span(memory)));
  host_.made.messages[{AF_PACKET, 0}] = {{packet.payload().begin(), packet.payload().end()}};
  Put("proc/net/netlink", "Rmem Drops Inode\n8 9 1\n8 9 2\n");
  EXPECT_EQ(host_.Page(),
            (Page{R"(netstack_datagram_sockets{protocol="packet"} 1)",
                  R"(netstack_datagram_sockets{protocol="netlink"} 2)",
                  R"(netstack_datagram_receive_queue_bytes{protocol="packet"} 30)",
                  R"(netstack_datagram_receive_queue_bytes{protocol="netlink"} 16)",
                  R"(netstack_datagram_receive_queue_limit_bytes{protocol="packet"} 60)",
                  R"(netstack_datagram_receive_queue_fill_ratio{protocol="packet"} 0.5)",
                  R"(netstack_datagram_drops_total{protocol="packet"} 0)",
                  R"(netstack_datagram_drops_total{protocol="netlink"} 0)"}));
}

TEST_F(DatagramTest, DoesWithoutWhatAKernelDoesNotHave) {
  Have({Udp(1, 53, 0, 1)});
  for (const auto& [family, protocol] : {std::pair(int{AF_INET6}, int{IPPROTO_UDP}),
                                         std::pair(int{AF_INET}, int{IPPROTO_UDPLITE})}) {
    host_.made.failures[{family, protocol}] = {.kind = ErrorKind::kAbsent};
  }
  EXPECT_EQ(host_.Page("sockets{"), Page{Line("sockets", "53", "1")});
}

TEST_F(DatagramTest, AFailureCostsOnlyItsOwnSocketsAndLosesNoDrops) {
  Have({Udp(1, 53, 0, 1, 5)});
  host_.Page();
  PutRaw({{10, 6}});
  host_.made.failures[{AF_INET, IPPROTO_UDP}] = {.kind = ErrorKind::kTimeout, .path = "x"};
  const Outcome outcome = host_.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  EXPECT_EQ(outcome.error->kind, ErrorKind::kTimeout);
  EXPECT_EQ(Lines(host_.samples).size(), 4u) << "of the raw socket";
  host_.made.failures.clear();
  Have({Udp(1, 53, 0, 1, 8)});
  EXPECT_EQ(host_.Page("udp").back(), Line("drops_total", "53", "3"));
}

TEST_F(DatagramTest, SaysThatThereIsNothing) {
  for (const int family : {AF_INET, AF_INET6}) {
    for (const int protocol : {IPPROTO_UDP, IPPROTO_UDPLITE}) {
      host_.made.failures[{family, protocol}] = {.kind = ErrorKind::kAbsent};
    }
  }
  host_.made.failures[{AF_PACKET, 0}] = {.kind = ErrorKind::kAbsent};
  host_.made.failures[{AF_UNIX, 0}] = {.kind = ErrorKind::kAbsent};
  EXPECT_EQ(host_.Collect().state, CollectorState::kAbsent);
}

TEST(DatagramDeclaration, IsInTheCatalog) {
  EXPECT_EQ(std::count(Catalog().begin(), Catalog().end(), &kCollector), 1);
}

}  // namespace
}  // namespace netstack::datagram
