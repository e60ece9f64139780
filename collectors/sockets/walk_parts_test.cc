// The parts of a walk that know no netlink.
#include <gtest/gtest.h>
#include <linux/tcp.h>

#include <algorithm>
#include <array>
#include <vector>

#include "collectors/sockets/distribution.h"
#include "collectors/sockets/expected.h"
#include "collectors/sockets/port_groups.h"
#include "collectors/sockets/tcp_details.h"

namespace netstack::sockets {
namespace {

constexpr auto kBounds =
    std::to_array<Bound>({{0, "0"}, {1, "1"}, {2, "2"}, {5, "5"}, {1000, "K"}});
constexpr Buckets kBuckets(kBounds);

TEST(BucketsTest, FindTheBucketThatASearchWouldFind) {
  const auto expect_agreement = [](std::uint32_t value) {
    const auto found = std::ranges::lower_bound(kBounds, value, {}, &Bound::value);
    EXPECT_EQ(kBuckets.IndexOf(value), static_cast<std::size_t>(found - kBounds.begin())) << value;
  };
  for (std::uint32_t value = 0; value < 5000; ++value) expect_agreement(value);
  expect_agreement(UINT32_MAX);
}

TEST(DistributionTest, CountsUpToAndIncludingABound) {
  Distribution distribution(kBounds);
  for (const std::uint32_t value : {0u, 0u, 5u, 6u, 1u}) {
    distribution.Add(kBuckets.IndexOf(value), value + 0.5);
  }
  EXPECT_EQ(distribution.CountUpTo(0), 2u);
  EXPECT_EQ(distribution.CountUpTo(3), 4u);
  EXPECT_EQ(distribution.CountUpTo(5), 5u);
  EXPECT_EQ(distribution.sum(), 14.5);
  Distribution both(kBounds);
  both.Add(distribution);
  both.Add(distribution);
  EXPECT_EQ(both.CountUpTo(3), 8u);
  EXPECT_EQ(both.sum(), 29);
  distribution.Clear();
  EXPECT_EQ(distribution.CountUpTo(5), 0u);
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

class PortGroupsTest : public testing::Test {
 protected:
  static PortGroups Made(std::size_t most, const std::vector<std::string>& ports_out) {
    PortSet ports;
    EXPECT_TRUE(ports.Add(ports_out, "x"));
    return PortGroups(ports, most);
  }
  static std::vector<std::string> Names(PortGroups& groups) {
    std::vector<std::string> names;
    for (const SocketGroup& group : groups.groups()) names.push_back(group.name);
    return names;
  }
  using Strings = std::vector<std::string>;
};

TEST_F(PortGroupsTest, PutsAConnectionByListenerThenByRemotePort) {
  PortGroups groups = Made(10, {"5432"});
  ASSERT_TRUE(groups.Begin());
  groups.AddListener({.local_port = 443});
  groups.AddListener({.local_port = 443});
  groups.AddListener({.local_port = 80});
  EXPECT_EQ(groups.Of({.local_port = 443, .remote_port = 5432}).name, "in:443");
  EXPECT_EQ(groups.Of({.local_port = 40000, .remote_port = 5432}).name, "out:5432");
  EXPECT_EQ(groups.Of({.local_port = 40000, .remote_port = 443}).name, "other");
  EXPECT_EQ(Names(groups), (Strings{"out:5432", "in:80", "in:443", "other"}));
}

TEST_F(PortGroupsTest, IsBoundedAndPutsTheRestIntoOther) {
  PortGroups groups = Made(2, {"5432"});
  ASSERT_TRUE(groups.Begin());
  for (const std::uint16_t port : std::to_array<std::uint16_t>({90, 80, 70})) {
    groups.AddListener({.local_port = port});
  }
  EXPECT_EQ(groups.Of({.local_port = 90, .remote_port = 1}).name, "other");
  EXPECT_EQ(Names(groups), (Strings{"out:5432", "in:70", "other"}));
}

TEST_F(PortGroupsTest, FollowsTheListenersFromWalkToWalk) {
  PortGroups groups = Made(10, {});
  ASSERT_TRUE(groups.Begin());
  groups.AddListener({.local_port = 80});
  groups.Of({.local_port = 80, .remote_port = 1}).sums.sockets = 7;
  ASSERT_TRUE(groups.Begin());
  groups.AddListener({.local_port = 80});
  EXPECT_EQ(groups.Of({.local_port = 80, .remote_port = 1}).sums.sockets, 0u);
  ASSERT_TRUE(groups.Begin());
  groups.AddListener({.local_port = 81});
  EXPECT_EQ(groups.Of({.local_port = 80, .remote_port = 1}).name, "other");
  EXPECT_EQ(Names(groups), (Strings{"in:81", "other"}));
  ASSERT_TRUE(groups.Begin());
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
