#include <gtest/gtest.h>
#include <linux/tcp.h>

#include <algorithm>
#include <array>

#include "collectors/catalog.h"
#include "collectors/sock_diag_test_host.h"
#include "collectors/sockets/families.h"

namespace netstack::sockets {

extern const CollectorDeclaration kCollector;

namespace {

constexpr std::uint8_t kEstablished = 1;
constexpr std::uint8_t kSynRecv = 3;
constexpr std::uint8_t kTimeWait = 6;
constexpr std::uint8_t kListen = 10;
using Page = std::vector<std::string>;

// One connection with numbers that differ in every quantity.
MadeSocket Connection(std::uint16_t port, std::uint32_t unread = 0) {
  tcp_info info = {};
  info.tcpi_rtt = 2000;
  info.tcpi_snd_cwnd = 10;
  info.tcpi_total_retrans = 3;
  info.tcpi_notsent_bytes = 1000;
  info.tcpi_busy_time = 5000000;
  info.tcpi_rwnd_limited = 3000000;
  info.tcpi_sndbuf_limited = 1000000;
  MadeSocket made = {.state = kEstablished,
                     .address = "127.0.0.1",
                     .port = port,
                     .remote_port = 5432,
                     .receive_queue = unread,
                     .transmit_queue = 1500};
  made.memory[SK_MEMINFO_RMEM_ALLOC] = 50;
  made.memory[SK_MEMINFO_RCVBUF] = 100;
  made.memory[SK_MEMINFO_WMEM_QUEUED] = 30;
  made.memory[SK_MEMINFO_SNDBUF] = 40;
  const auto bytes = std::as_bytes(std::span(&info, 1));
  made.info.assign(bytes.begin(), bytes.end());
  return made;
}

// A socket in a state without memory and details.
std::vector<std::byte> Bare(std::uint8_t state, std::uint16_t port) {
  std::vector<std::byte> message = Message({.state = state, .port = port});
  message.resize(sizeof(inet_diag_msg));
  return message;
}

class SocketsTest : public testing::Test {
 protected:
  std::vector<std::vector<std::byte>>& messages() { return host_.made.messages[{0, 0}]; }
  SockDiagHost host_{kCollector};
};

TEST_F(SocketsTest, CountsStatesByIpVersion) {
  MadeSocket six = Connection(80);
  six.address = "::1";
  messages() = {Bare(kListen, 80), Message(six), Message(six), Bare(kTimeWait, 80),
                Message(Connection(80))};
  const Page page = host_.Page("sockets_tcp{");
  EXPECT_EQ(page.size(), 22u) << "all states of both versions are there from the start";
  for (const auto& [state, version, count] :
       {std::tuple("established", "4", "1"), std::tuple("established", "6", "2"),
        std::tuple("time_wait", "4", "1"), std::tuple("listen", "4", "1"),
        std::tuple("listen", "6", "0"), std::tuple("close_wait", "4", "0")}) {
    EXPECT_EQ(std::ranges::count(page, std::string("netstack_sockets_tcp{state=\"") + state +
                                           "\",ip_version=\"" + version + "\"} " + count),
              1)
        << state;
  }
}

TEST_F(SocketsTest, SpreadsConnectionsOverBuckets) {
  messages() = {Bare(kListen, 80), Message(Connection(80, 1024)), Message(Connection(80, 1025)),
                Bare(kTimeWait, 80)};
  EXPECT_EQ(host_.Page("unread_bytes "),
            (Page{"netstack_sockets_unread_bytes 2049", "netstack_sockets_unread_bytes 2"}))
      << "sum and count";
  const auto parts_of = [&](Quantity quantity) {
    std::vector<std::pair<Part, double>> parts;
    host_.samples.ForEach(static_cast<std::size_t>(quantity), [&](const Samples::View& view) {
      parts.emplace_back(view.part(), view.value().AsDouble());
    });
    return parts;
  };
  const auto unread = parts_of(Quantity::kUnread);
  ASSERT_EQ(unread.size(), 12u);
  EXPECT_EQ(unread[0], std::pair(Part::kBucket, 0.0));
  EXPECT_EQ(unread[1], std::pair(Part::kBucket, 1.0));
  EXPECT_EQ(unread[2], std::pair(Part::kBucket, 2.0));
  const auto sum_of = [&](Quantity quantity) {
    const auto parts = parts_of(quantity);
    return parts[parts.size() - 2].second;
  };
  EXPECT_EQ(sum_of(Quantity::kUnsent), 2000);
  EXPECT_EQ(sum_of(Quantity::kUnacknowledged), 1000);
  EXPECT_EQ(sum_of(Quantity::kReceiveMemory), 1);
  EXPECT_EQ(sum_of(Quantity::kTransmitMemory), 1.5);
  EXPECT_DOUBLE_EQ(sum_of(Quantity::kRtt), 0.004);
  EXPECT_EQ(sum_of(Quantity::kRetransmitted), 6);
  EXPECT_EQ(sum_of(Quantity::kCongestionWindow), 20);
  EXPECT_EQ(host_.Page("busy"), Page{"netstack_sockets_busy_seconds 10"});
  EXPECT_EQ(host_.Page("limited"), (Page{"netstack_sockets_receive_window_limited_seconds 6",
                                         "netstack_sockets_send_buffer_limited_seconds 2"}));
}

TEST_F(SocketsTest, SumsByGroup) {
  host_.SetOption("ports-out", "5432");
  messages() = {Bare(kListen, 80),          Bare(kSynRecv, 80),
                Bare(kSynRecv, 80),         Message(Connection(80, 5)),
                Message(Connection(80, 7)), Message(Connection(40000, 1))};
  const auto line = [](std::string_view name, std::string_view group, int value) {
    return "netstack_sockets_" + std::string(name) + "{socket_group=\"" + std::string(group) +
           "\"} " + std::to_string(value);
  };
  EXPECT_EQ(
      host_.Page("socket_group"),
      (Page{line("group_connections", "out:5432", 1), line("group_connections", "in:80", 2),
            line("group_connections", "other", 0), line("group_unread_bytes", "out:5432", 1),
            line("group_unread_bytes", "in:80", 12), line("group_unread_bytes", "other", 0),
            line("group_unread_max_bytes", "out:5432", 1),
            line("group_unread_max_bytes", "in:80", 7), line("group_unread_max_bytes", "other", 0),
            line("group_transmit_queue_bytes", "out:5432", 1500),
            line("group_transmit_queue_bytes", "in:80", 3000),
            line("group_transmit_queue_bytes", "other", 0),
            line("group_transmit_queue_max_bytes", "out:5432", 1500),
            line("group_transmit_queue_max_bytes", "in:80", 1500),
            line("group_transmit_queue_max_bytes", "other", 0)}));
}

TEST_F(SocketsTest, CountsSynQueuesByListeningAddressAndPort) {
  messages() = {Message({.state = kListen, .address = "10.0.0.1", .port = 80}),
                Message({.state = kListen, .address = "::", .port = 80}),
                Message({.state = kListen, .address = "::", .port = 80}),
                Message({.state = kListen, .address = "0.0.0.0", .port = 81}),
                Message({.state = kListen, .address = "::ffff:10.0.0.1", .port = 82}),
                Message({.state = kSynRecv, .address = "10.0.0.1", .port = 80}),
                Message({.state = kSynRecv, .address = "10.0.0.2", .port = 80}),
                Message({.state = kSynRecv, .address = "2001:db8::1", .port = 80}),
                Message({.state = kSynRecv, .address = "10.0.0.1", .port = 82}),
                Message({.state = kSynRecv, .address = "10.0.0.1", .port = 83})};
  const auto line = [](std::string_view address, std::string_view port, std::string_view version,
                       std::string_view value) {
    return "netstack_sockets_syn_queue_connections{address=\"" + std::string(address) +
           "\",port=\"" + std::string(port) + "\",ip_version=\"" + std::string(version) + "\"} " +
           std::string(value);
  };
  EXPECT_EQ(host_.Page("syn_queue"),
            (Page{line("10.0.0.1", "80", "4", "1"), line("0.0.0.0", "81", "4", "0"),
                  line("::", "80", "6", "2"), line("::ffff:10.0.0.1", "82", "6", "1")}));
}

TEST_F(SocketsTest, SpreadsEachGroupOnRequest) {
  host_.SetOption("group-distributions", "true");
  messages() = {Bare(kListen, 80), Message(Connection(80, 5)), Message(Connection(80, 2000)),
                Message(Connection(81, 7))};
  const std::string in = "netstack_sockets_by_group_unread_bytes{socket_group=\"in:80\"";
  EXPECT_EQ(host_.Page(in + "}"), (Page{in + "} 2005", in + "} 2"})) << "sum and count";
  EXPECT_EQ(host_.Page("by_group_unread_bytes{socket_group=\"other\"}").front(),
            "netstack_sockets_by_group_unread_bytes{socket_group=\"other\"} 7");
  EXPECT_EQ(host_.Page("sockets_unread_bytes "),
            (Page{"netstack_sockets_unread_bytes 2012", "netstack_sockets_unread_bytes 3"}))
      << "of all groups together";
}

TEST_F(SocketsTest, HasNoDistributionsOfGroupsUnlessAsked) {
  messages() = {Message(Connection(80, 5))};
  EXPECT_EQ(host_.Page("by_group"), Page{});
}

TEST_F(SocketsTest, SaysWhyThereAreNoGroups) {
  host_.SetOption("group-by", "cgroup");
  host_.SetRoots({.procfs = "/nowhere", .sysfs = "/nowhere", .rootfs = "/nowhere"});
  messages() = {Message(Connection(80, 5))};
  const Outcome outcome = host_.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->Describe(), "/nowhere/fs/cgroup: no control groups of version 2");
  EXPECT_EQ(std::ranges::count(Lines(host_.samples),
                               "netstack_sockets_group_connections{socket_group=\"other\"} 1"),
            1);
}

TEST_F(SocketsTest, ShowsTheLastWalkWithinTheInterval) {
  host_.SetOption("min-interval", "1h");
  messages() = {Message(Connection(80))};
  const std::string before = "netstack_sockets_walk_sockets 1";
  EXPECT_EQ(host_.Page("walk_sockets"), Page{before});
  messages() = {};
  EXPECT_EQ(host_.Page("walk_sockets"), Page{before});
  EXPECT_EQ(host_.made.requests, 1);
  EXPECT_EQ(host_.Page("walk_age").size(), 1u);
}

TEST_F(SocketsTest, SaysThatItSawAPartOnly) {
  host_.SetOption("max-sockets", "300");
  for (int i = 0; i < 1000; ++i) messages().push_back(Message(Connection(80)));
  EXPECT_EQ(host_.Page("walk_sockets"), Page{"netstack_sockets_walk_sockets 300"});
  EXPECT_EQ(host_.Page("walk_truncated"), Page{"netstack_sockets_walk_truncated 1"});
}

TEST_F(SocketsTest, StopsWhenItsTimeIsSpent) {
  host_.SetOption("max-time", "0s");
  for (int i = 0; i < 1000; ++i) messages().push_back(Message(Connection(80)));
  EXPECT_EQ(host_.Page("walk_sockets"), Page{"netstack_sockets_walk_sockets 255"});
  EXPECT_EQ(host_.Page("walk_truncated"), Page{"netstack_sockets_walk_truncated 1"});
}

TEST_F(SocketsTest, AWholeWalkIsNotTruncated) {
  EXPECT_EQ(host_.Page("truncated"), Page{"netstack_sockets_walk_truncated 0"});
  EXPECT_EQ(host_.Page("fraction"), Page{"netstack_sockets_walk_fraction_ratio 1"});
}

TEST_F(SocketsTest, ForgetsAnInterruptedWalkAndWalksAgainAfterAFailure) {
  host_.SetOption("min-interval", "1h");
  messages() = {Message(Connection(80))};
  host_.made.interrupt = true;
  host_.made.failures[{0, 0}] = {.kind = ErrorKind::kTimeout};
  EXPECT_EQ(host_.Collect().state, CollectorState::kTimeout);
  host_.made.failures.clear();
  EXPECT_EQ(host_.Page("walk_sockets"), Page{"netstack_sockets_walk_sockets 1"});
}

TEST_F(SocketsTest, AMessageThatCannotBeUnderstoodCostsOneSocket) {
  messages() = {Message(Connection(80)), Message(Connection(80)), Message(Connection(80)), {}};
  messages()[1].resize(messages()[1].size() - 4);
  const Outcome outcome = host_.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->kind, ErrorKind::kMalformed);
  const std::vector<std::string> page = Lines(host_.samples);
  for (const char* line : {"netstack_sockets_walk_sockets 2", "netstack_sockets_walk_malformed 2",
                           "netstack_sockets_tcp{state=\"established\",ip_version=\"4\"} 2"}) {
    EXPECT_EQ(std::ranges::count(page, line), 1) << line;
  }
}

TEST_F(SocketsTest, ForgetsWhatWasBadInTheWalkBefore) {
  host_.SetOption("min-interval", "0s");
  messages() = {{}};
  EXPECT_EQ(host_.Collect().state, CollectorState::kPartial);
  messages() = {Message(Connection(80))};
  EXPECT_EQ(host_.Page("walk_malformed"), Page{"netstack_sockets_walk_malformed 0"});
}

TEST(SocketsDeclaration, CanBlockAndIsInTheCatalog) {
  EXPECT_TRUE(kCollector.may_block);
  EXPECT_EQ(std::count(Catalog().begin(), Catalog().end(), &kCollector), 1);
}

}  // namespace
}  // namespace netstack::sockets
