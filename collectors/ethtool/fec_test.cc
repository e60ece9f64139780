#include "collectors/ethtool/fec.h"

#include <gtest/gtest.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>

#include <string>
#include <vector>

#include "kernel/netlink/builder.h"

namespace netstack::ethtool {
namespace {

using Bytes = std::vector<std::byte>;

void AddModes(NetlinkBuilder& builder, const std::vector<std::string>& names) {
  const std::size_t bitset = builder.BeginNest(ETHTOOL_A_FEC_MODES);
  builder.AddBytes(ETHTOOL_A_BITSET_NOMASK, {});
  const std::size_t bits = builder.BeginNest(ETHTOOL_A_BITSET_BITS);
  for (const std::string& name : names) {
    const std::size_t bit = builder.BeginNest(ETHTOOL_A_BITSET_BITS_BIT);
    builder.AddText(ETHTOOL_A_BITSET_BIT_NAME, name);
    builder.EndNest(bit);
  }
  builder.EndNest(bits);
  builder.EndNest(bitset);
}

Bytes Reply() {
  NetlinkBuilder builder;
  AddModes(builder, {"RS", "BASER"});
  builder.AddU8(ETHTOOL_A_FEC_AUTO, 1);
  builder.AddU32(ETHTOOL_A_FEC_ACTIVE, ETHTOOL_LINK_MODE_FEC_RS_BIT);
  const std::size_t stats = builder.BeginNest(ETHTOOL_A_FEC_STATS);
  // The total and two lanes, of which the driver counts blocks only.
  const std::vector<std::uint64_t> corrected = {30, 10, 20};
  const std::uint64_t uncorrectable = 2;
  builder.AddBytes(ETHTOOL_A_FEC_STAT_CORRECTED, std::as_bytes(std::span(corrected)));
  builder.AddBytes(ETHTOOL_A_FEC_STAT_UNCORR, std::as_bytes(std::span(&uncorrectable, 1)));
  builder.AddBytes(ETHTOOL_A_FEC_STAT_CORR_BITS, {});
  builder.EndNest(stats);
  return {builder.payload().begin(), builder.payload().end()};
}

TEST(Fec, HasTheModesAndTheTotals) {
  FecSettings settings;
  FecCounters counters;
  ASSERT_TRUE(ParseFec(Reply(), "eth0", settings, counters));
  EXPECT_EQ(settings, (FecSettings{.active = "rs", .configured = "rs,baser,auto"}));
  EXPECT_EQ(counters, (FecCounters{.corrected_blocks = 30, .uncorrectable_blocks = 2}));
}

TEST(Fec, ThatIsOffIsSaidSo) {
  NetlinkBuilder builder;
  AddModes(builder, {"None", "no word"});
  builder.AddU8(ETHTOOL_A_FEC_AUTO, 0);
  FecSettings settings;
  FecCounters counters;
  ASSERT_TRUE(ParseFec(builder.payload(), "eth0", settings, counters));
  EXPECT_EQ(settings, (FecSettings{.active = "", .configured = "off"}));
  EXPECT_TRUE(counters.empty());
}

TEST(Fec, SurvivesAReplyThatIsCutAnywhere) {
  const Bytes whole = Reply();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    FecSettings settings;
    FecCounters counters;
    (void)ParseFec(std::span(whole).first(size), "eth0", settings, counters);
  }
}

TEST(Fec, NamesTheDeviceWhoseCounterIsShort) {
  NetlinkBuilder builder;
  const std::size_t stats = builder.BeginNest(ETHTOOL_A_FEC_STATS);
  builder.AddU32(ETHTOOL_A_FEC_STAT_CORRECTED, 1);
  builder.EndNest(stats);
  FecSettings settings;
  FecCounters counters;
  const Status parsed = ParseFec(builder.payload(), "eth0", settings, counters);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(),
            "netlink generic ethtool FEC: an attribute does not fit, device: 'eth0'");
}

}  // namespace
}  // namespace netstack::ethtool
