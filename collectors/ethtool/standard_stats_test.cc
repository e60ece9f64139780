#include "collectors/ethtool/standard_stats.h"

#include <gtest/gtest.h>
#include <linux/ethtool_netlink.h>

#include <map>
#include <string>
#include <vector>

namespace netstack::ethtool {
namespace {

using Bytes = std::vector<std::byte>;

Bytes BytesOf(const NetlinkBuilder& builder) {
  return {builder.payload().begin(), builder.payload().end()};
}

void AddStat(NetlinkBuilder& builder, std::uint16_t number, std::uint64_t value) {
  const std::size_t stat = builder.BeginNest(ETHTOOL_A_STATS_GRP_STAT);
  builder.AddBytes(number, std::as_bytes(std::span(&value, 1)));
  builder.EndNest(stat);
}

void AddBucket(NetlinkBuilder& builder, std::uint16_t type, std::uint32_t low, std::uint32_t high,
               std::uint64_t frames) {
  const std::size_t bucket = builder.BeginNest(type);
  builder.AddU32(ETHTOOL_A_STATS_GRP_HIST_BKT_LOW, low);
  builder.AddU32(ETHTOOL_A_STATS_GRP_HIST_BKT_HI, high);
  builder.AddBytes(ETHTOOL_A_STATS_GRP_HIST_VAL, std::as_bytes(std::span(&frames, 1)));
  builder.EndNest(bucket);
}

// As the kernel writes them: the group's number first.
Bytes Reply() {
  NetlinkBuilder builder;
  std::size_t group = builder.BeginNest(ETHTOOL_A_STATS_GRP);
  builder.AddU32(ETHTOOL_A_STATS_GRP_ID, ETHTOOL_STATS_ETH_MAC);
  builder.AddU32(ETHTOOL_A_STATS_GRP_SS_ID, 18);
  AddStat(builder, ETHTOOL_A_STATS_ETH_MAC_6_FCS_ERR, 4);
  AddStat(builder, ETHTOOL_A_STATS_ETH_MAC_18_TX_MCAST, 5);
  AddStat(builder, 99, 6);  // Of a newer kernel.
  builder.EndNest(group);
  group = builder.BeginNest(ETHTOOL_A_STATS_GRP);
  builder.AddU32(ETHTOOL_A_STATS_GRP_ID, ETHTOOL_STATS_RMON);
  AddStat(builder, ETHTOOL_A_STATS_RMON_JABBER, 7);
  AddBucket(builder, ETHTOOL_A_STATS_GRP_HIST_RX, 64, 64, 8);
  AddBucket(builder, ETHTOOL_A_STATS_GRP_HIST_TX, 1024, 1518, 9);
  builder.EndNest(group);
  return BytesOf(builder);
}

// "family label second" to the number.
std::map<std::string, std::uint64_t> Written(const StandardStats& stats) {
  std::map<std::string, std::uint64_t> written;
  for (const StandardStats::Value& value : stats.values) {
    written[std::string(kFamilies[value.row->family].name.substr(17)) + " " +
            std::string(value.row->label) + " " + std::string(value.row->second)] = value.value;
  }
  return written;
}

TEST(StandardStats, AreTakenByGroupAndNumber) {
  StandardStats stats;
  ASSERT_TRUE(ParseStandardStats(Reply(), "eth0", stats));
  EXPECT_EQ(Written(stats),
            (std::map<std::string, std::uint64_t>{{"receive_errors_total fcs ", 4},
                                                  {"mac_group_frames_total transmit multicast", 5},
                                                  {"receive_errors_total jabber ", 7}}));
  EXPECT_EQ(stats.buckets, (std::vector<StandardStats::Bucket>{
                               {.is_transmit = false, .low = 64, .high = 64, .frames = 8},
                               {.is_transmit = true, .low = 1024, .high = 1518, .frames = 9}}));
}

TEST(StandardStats, ThatComeTwiceCountOnce) {
  Bytes twice = Reply();
  const Bytes once = Reply();
  twice.insert(twice.end(), once.begin(), once.end());
  StandardStats stats;
  ASSERT_TRUE(ParseStandardStats(twice, "eth0", stats));
  EXPECT_EQ(stats.values.size(), 3u);
  EXPECT_EQ(stats.buckets.size(), 2u);
}

TEST(StandardStats, SurviveAReplyThatIsCutAnywhere) {
  const Bytes whole = Reply();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    StandardStats stats;
    (void)ParseStandardStats(std::span(whole).first(size), "eth0", stats);
    EXPECT_LE(stats.values.size(), 3u);
  }
}

TEST(StandardStats, NameTheDeviceWhoseNumberIsShort) {
  NetlinkBuilder builder;
  const std::size_t group = builder.BeginNest(ETHTOOL_A_STATS_GRP);
  builder.AddU32(ETHTOOL_A_STATS_GRP_ID, ETHTOOL_STATS_ETH_PHY);
  const std::size_t stat = builder.BeginNest(ETHTOOL_A_STATS_GRP_STAT);
  builder.AddU32(ETHTOOL_A_STATS_ETH_PHY_5_SYM_ERR, 1);
  builder.EndNest(stat);
  builder.EndNest(group);
  StandardStats stats;
  const Status parsed = ParseStandardStats(builder.payload(), "eth0", stats);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(),
            "netlink generic ethtool statistics: a short number, device: 'eth0'");
}

TEST(StandardStats, HaveARowForEachOfTheKernelsNames) {
  std::map<std::uint32_t, int> rows;
  for (const StandardRow& row : StandardRows()) ++rows[row.group];
  EXPECT_EQ(rows, (std::map<std::uint32_t, int>{{ETHTOOL_STATS_ETH_PHY, 1},
                                                {ETHTOOL_STATS_ETH_MAC, 22},
                                                {ETHTOOL_STATS_ETH_CTRL, 3},
                                                {ETHTOOL_STATS_RMON, 4}}));
}

}  // namespace
}  // namespace netstack::ethtool
