// The parts of a walk that know no netlink.
#include <gtest/gtest.h>
#include <linux/tcp.h>

#include <array>
#include <cstring>
#include <vector>

#include "collectors/sockets/distribution.h"
#include "collectors/sockets/expected.h"
#include "collectors/sockets/socket_groups.h"
#include "collectors/sockets/tcp_details.h"

namespace netstack::sockets {
namespace {

TEST(DistributionTest, CountsUpToAndIncludingABound) {
  constexpr auto kBounds = std::to_array<Bound>({{0, "0"}, {10, "10"}});
  Distribution distribution(kBounds);
  for (const double value : {0.0, 0.0, 10.0, 10.5, 1.0}) distribution.Add(value);
  EXPECT_EQ(distribution.CountUpTo(0), 2u);
  EXPECT_EQ(distribution.CountUpTo(1), 4u);
  EXPECT_EQ(distribution.CountUpTo(2), 5u);
  EXPECT_EQ(distribution.sum(), 21.5);
  distribution.Clear();
  EXPECT_EQ(distribution.CountUpTo(2), 0u);
  EXPECT_EQ(distribution.sum(), 0);
}

TEST(TcpDetailsTest, ReadsWhatTheKernelHasAndNoMore) {
  tcp_info info = {};
  info.tcpi_rtt = 1500;
  info.tcpi_snd_cwnd = 10;
  info.tcpi_total_retrans = 3;
  info.tcpi_notsent_bytes = 77;
  info.tcpi_busy_time = 1;
  info.tcpi_rwnd_limited = 2;
  info.tcpi_sndbuf_limited = 4;
  const auto bytes = std::as_bytes(std::span(&info, 1));
  const TcpDetails all = {.rtt_us = 1500,
                          .congestion_window = 10,
                          .retransmitted = 3,
                          .unsent = 77,
                          .busy_us = 1,
                          .receive_window_limited_us = 2,
                          .send_buffer_limited_us = 4};
  EXPECT_EQ(ReadTcpDetails(bytes), all);
  std::vector<std::byte> longer(bytes.begin(), bytes.end());
  longer.resize(longer.size() + 64, std::byte{0xff});
  EXPECT_EQ(ReadTcpDetails(longer), all) << "a newer kernel";
  EXPECT_EQ(ReadTcpDetails(bytes.first(offsetof(tcp_info, tcpi_pacing_rate))),
            (TcpDetails{.rtt_us = 1500, .congestion_window = 10, .retransmitted = 3}))
      << "Linux 3.14";
  EXPECT_EQ(ReadTcpDetails({}), TcpDetails{});
}

class SocketGroupsTest : public testing::Test {
 protected:
  static SocketGroups Made(std::size_t most, const std::vector<std::string>& ports_out) {
    PortSet ports;
    EXPECT_TRUE(ports.Add(ports_out, "x"));
    return SocketGroups(ports, most);
  }
  static std::vector<std::string> Names(SocketGroups& groups) {
    std::vector<std::string> names;
    for (const SocketGroup& group : groups.groups()) names.push_back(group.name);
    return names;
  }
  using Strings = std::vector<std::string>;
};

TEST_F(SocketGroupsTest, PutsAConnectionByListenerThenByRemotePort) {
  SocketGroups groups = Made(10, {"5432"});
  groups.Clear();
  groups.AddListener(443);
  groups.AddListener(443);
  groups.AddListener(80);
  EXPECT_EQ(groups.Of(443, 5432).name, "in:443");
  EXPECT_EQ(groups.Of(40000, 5432).name, "out:5432");
  EXPECT_EQ(groups.Of(40000, 443).name, "other");
  EXPECT_EQ(Names(groups), (Strings{"out:5432", "in:80", "in:443", "other"}));
  EXPECT_TRUE(groups.groups()[1].has_listener);
  EXPECT_FALSE(groups.groups()[0].has_listener);
}

TEST_F(SocketGroupsTest, IsBoundedAndPutsTheRestIntoOther) {
  SocketGroups groups = Made(2, {"5432"});
  groups.Clear();
  for (const std::uint16_t port : std::to_array<std::uint16_t>({90, 80, 70})) {
    groups.AddListener(port);
  }
  EXPECT_EQ(groups.Of(90, 1).name, "other");
  EXPECT_EQ(Names(groups), (Strings{"out:5432", "in:70", "other"}));
}

TEST_F(SocketGroupsTest, FollowsTheListenersFromWalkToWalk) {
  SocketGroups groups = Made(10, {});
  groups.Clear();
  groups.AddListener(80);
  groups.Of(80, 1).sums.sockets = 7;
  groups.Clear();
  groups.AddListener(80);
  EXPECT_EQ(groups.Of(80, 1).sums.sockets, 0u);
  groups.Clear();
  groups.AddListener(81);
  EXPECT_EQ(groups.Of(80, 1).name, "other");
  EXPECT_EQ(Names(groups), (Strings{"in:81", "other"}));
  groups.Clear();
  EXPECT_EQ(Names(groups), Strings{"other"});
}

TEST(ExpectedSocketsTest, AddsBothVersionsAndTimeWait) {
  constexpr std::string_view kFour =
      "sockets: used 29\nTCP: inuse 9 orphan 2 tw 4 alloc 10 mem 3\nUDP: inuse 1 mem 0\n";
  EXPECT_EQ(ExpectedSockets(kFour, "TCP6: inuse 3\nUDP6: inuse 7\n"), 16u);
  EXPECT_EQ(ExpectedSockets(kFour, ""), 13u);
  EXPECT_EQ(ExpectedSockets("", "TCP6: inuse"), 0u);
}

}  // namespace
}  // namespace netstack::sockets
