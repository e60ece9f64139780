#include "collectors/link/link_message.h"

#include <gtest/gtest.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <map>
#include <vector>

#include "kernel/netlink/builder.h"
#include "kernel/record/host_replay.h"

namespace netstack::link {
namespace {

using Message = std::vector<std::byte>;

// The messages of a recorded host.
std::vector<Message> Recorded(const std::string& host) {
  const std::string directory =
      std::string(NETSTACK_SOURCE_DIR) + "/collectors/link/fixtures/" + host;
  NetlinkBuilder request;
  request.AddHeader(ifinfomsg{});
  request.AddU32(IFLA_EXT_MASK, 0);
  std::vector<Message> messages;
  auto port = std::move(*MakeReplayNetlinkSource(directory)->Open(NETLINK_ROUTE));
  const Status told =
      port->Request(RTM_GETLINK, NLM_F_DUMP, request.payload(),
                    [&messages](const NetlinkMessage& message) {
                      messages.emplace_back(message.payload.begin(), message.payload.end());
                    },
                    {});
  EXPECT_TRUE(told) << told.error().Describe();
  return messages;
}

std::map<std::string, Link> Parsed(const std::string& host) {
  std::map<std::string, Link> links;
  Link link;  // Reused, so that what is left from the one before would be seen.
  for (const Message& message : Recorded(host)) {
    const Status parsed = ParseLinkMessage(message, link);
    EXPECT_TRUE(parsed) << parsed.error().Describe();
    links[link.name] = link;
  }
  return links;
}

TEST(ParseLinkMessage, ReadsAVirtualMachinesNic) {
  std::map<std::string, Link> links = Parsed("virtio-6.18");
  ASSERT_EQ(links.size(), 4u);
  const Link expected = {
      .index = 4,
      .flags = IFF_UP | IFF_BROADCAST | IFF_RUNNING | IFF_MULTICAST | IFF_LOWER_UP,
      .is_loopback = false,
      .name = "eth0",
      .kind = "",
      .parent = "virtio2",
      .parent_bus = "virtio",
      .operstate = 6,
      .carrier = 1,
      .carrier_changes = 2,
      .carrier_up_count = 1,
      .carrier_down_count = 1,
      .mtu = 1400,
      .transmit_queue_length = 1000,
      .receive_queues = 1,
      .transmit_queues = 1,
      .gso_max_size = 65536,
      .gso_max_segments = 65535,
      .gro_max_size = 65536,
      .gso_ipv4_max_size = 65536,
      .gro_ipv4_max_size = 65536,
      .stats = {19713, 12515, 904478796, 876127},
      .stats_count = 25};
  EXPECT_EQ(links["eth0"], expected);
  EXPECT_TRUE(links["lo"].is_loopback);
  EXPECT_EQ(links["ifb0"].kind, "ifb");
  EXPECT_EQ(links["ifb0"].parent, "");
}

TEST(ParseLinkMessage, TellsWhereTheOtherEndIs) {
  std::map<std::string, Link> links = Parsed("stacked-6.18");
  ASSERT_EQ(links.size(), 8u);
  EXPECT_EQ(links["va"].kind, "veth");
  EXPECT_EQ(links["va"].master, static_cast<std::uint32_t>(links["br0"].index));
  EXPECT_EQ(links["va"].lower, static_cast<std::uint32_t>(links["vb"].index));
  EXPECT_FALSE(links["va"].lower_in_other_netns);
  EXPECT_TRUE(links["vc"].lower_in_other_netns);
  EXPECT_EQ(links["mv0"].lower, static_cast<std::uint32_t>(links["vb"].index));
  EXPECT_EQ(links["br0"].lower, std::nullopt);
  EXPECT_EQ(links["tap0"].kind, "tun");
}

TEST(ParseLinkMessage, SurvivesTruncationAtEveryByte) {
  for (const char* host : {"virtio-6.18", "stacked-6.18", "nics-5.10"}) {
    for (const Message& whole : Recorded(host)) {
      Link link;
      ASSERT_TRUE(ParseLinkMessage(whole, link));
      std::size_t refused = 0;
      for (std::size_t size = 0; size < whole.size(); ++size) {
        // A copy of its own, so that a sanitizer sees a read beyond its end.
        const Message cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        if (!ParseLinkMessage(cut, link)) ++refused;
      }
      EXPECT_GT(refused, whole.size() / 2);
    }
  }
}

class HandMade : public testing::Test {
 protected:
  HandMade() {
    ifinfomsg header = {};
    header.ifi_index = 7;
    header.ifi_flags = IFF_UP;
    builder_.AddHeader(header);
  }
  Status Parse() { return ParseLinkMessage(builder_.payload(), link_); }

  NetlinkBuilder builder_;
  Link link_;
};

TEST_F(HandMade, StatisticsOfOlderKernelsAreShorter) {
  for (const std::size_t fields : {23u, 24u, 25u, 30u}) {
    std::vector<std::uint64_t> stats(fields);
    for (std::size_t i = 0; i < fields; ++i) stats[i] = (i + 1) << 40;
    builder_.Clear();
    ifinfomsg header = {};
    header.ifi_index = 7;
    builder_.AddHeader(header);
    builder_.AddText(IFLA_IFNAME, "eth0");
    builder_.AddBytes(IFLA_STATS64, std::as_bytes(std::span(stats)));
    ASSERT_TRUE(Parse());
    EXPECT_EQ(link_.stats_count, std::min<std::size_t>(fields, kLinkFields));
    EXPECT_EQ(link_.stats[22], 23ull << 40);
    EXPECT_EQ(link_.stats[24], fields >= 25 ? 25ull << 40 : 0);
  }
}

TEST_F(HandMade, FewStatisticsAreRefusedWithTheDevicesName) {
  const std::vector<std::uint64_t> stats(22);
  builder_.AddText(IFLA_IFNAME, "eth0");
  builder_.AddBytes(IFLA_STATS64, std::as_bytes(std::span(stats)));
  const Status parsed = Parse();
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().kind, ErrorKind::kMalformed);
  EXPECT_EQ(parsed.error().Describe(), "netlink route link: too few statistics for device: 'eth0'");
}

TEST_F(HandMade, AShortNumberIsRefused) {
  builder_.AddText(IFLA_IFNAME, "eth0");
  builder_.AddU16(IFLA_MTU, 1500);
  EXPECT_FALSE(Parse());
}

TEST_F(HandMade, AnEmptyStateIsRefused) {
  builder_.AddText(IFLA_IFNAME, "eth0");
  builder_.AddBytes(IFLA_OPERSTATE, {});
  EXPECT_FALSE(Parse());
}

TEST_F(HandMade, ADeviceWithoutANameIsRefused) {
  builder_.AddU32(IFLA_MTU, 1500);
  EXPECT_FALSE(Parse());
}

TEST_F(HandMade, AKindThatDoesNotFitIsRefused) {
  builder_.AddText(IFLA_IFNAME, "eth0");
  const std::vector<std::byte> hostile = {std::byte{9}, std::byte{0}, std::byte{1}, std::byte{0},
                                          std::byte{'x'}};
  builder_.AddBytes(IFLA_LINKINFO, hostile);
  EXPECT_FALSE(Parse());
}

TEST_F(HandMade, ForgetsWhatTheDeviceBeforeHad) {
  link_.kind = "veth";
  link_.parent = "0000:00:03.0";
  link_.master = 3;
  link_.mtu = 9000;
  link_.carrier = 1;
  link_.stats_count = 25;
  link_.lower_in_other_netns = true;
  builder_.AddText(IFLA_IFNAME, "eth0");
  ASSERT_TRUE(Parse());
  Link expected;
  expected.index = 7;
  expected.flags = IFF_UP;
  expected.name = "eth0";
  EXPECT_EQ(link_, expected);
}

}  // namespace
}  // namespace netstack::link
