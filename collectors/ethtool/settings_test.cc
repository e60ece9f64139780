#include "collectors/ethtool/settings.h"

#include <gtest/gtest.h>
#include <linux/ethtool_netlink.h>

#include <string>
#include <vector>

#include "kernel/netlink/builder.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::ethtool {
namespace {

using Bytes = std::vector<std::byte>;

Bytes BytesOf(const NetlinkBuilder& builder) {
  EXPECT_FALSE(builder.payload().empty());
  return {builder.payload().begin(), builder.payload().end()};
}

// "name field=value unit" of each number, in the reply's order.
std::vector<std::string> Lines(const Settings& settings) {
  std::vector<std::string> lines;
  for (const Settings::Number& number : settings.numbers) {
    lines.push_back(std::string(number.row->name) + " " + std::string(number.row->field) + "=" +
                    std::to_string(number.value) + " " + std::string(number.row->unit));
  }
  return lines;
}

Bytes Rings() {
  NetlinkBuilder builder;
  const std::size_t header = builder.BeginNest(ETHTOOL_A_RINGS_HEADER);
  builder.AddU32(ETHTOOL_A_HEADER_DEV_INDEX, 4);
  builder.AddText(ETHTOOL_A_HEADER_DEV_NAME, "eth0");
  builder.EndNest(header);
  builder.AddU32(ETHTOOL_A_RINGS_RX_MAX, 4096);
  builder.AddU32(ETHTOOL_A_RINGS_RX, 256);
  builder.AddU32(ETHTOOL_A_RINGS_TX_MAX, 2048);
  builder.AddU32(ETHTOOL_A_RINGS_TX, 512);
  builder.AddU8(ETHTOOL_A_RINGS_TX_PUSH, 1);
  builder.AddU32(999, 5);  // Of a later kernel.
  return BytesOf(builder);
}

TEST(EthtoolNumbers, AreTakenByAttributeWithTheirUnit) {
  const Bytes reply = Rings();
  Settings settings;
  ASSERT_TRUE(ParseNumbers(ETHTOOL_MSG_RINGS_GET, reply, "eth0", settings));
  EXPECT_EQ(Lines(settings),
            (std::vector<std::string>{
                "ethtool.rings.rx max=4096 descriptors", "ethtool.rings.rx current=256 descriptors",
                "ethtool.rings.tx max=2048 descriptors", "ethtool.rings.tx current=512 descriptors",
                "ethtool.rings.tx-push current=1 boolean"}));
  EXPECT_EQ(DeviceOf(reply), "eth0");
}

TEST(EthtoolNumbers, MeanSomethingElseInTheReplyOfAnotherCommand) {
  Settings settings;
  ASSERT_TRUE(ParseNumbers(ETHTOOL_MSG_CHANNELS_GET, Rings(), "eth0", settings));
  for (const std::string& line : Lines(settings)) EXPECT_TRUE(line.starts_with("ethtool.channels"));
}

TEST(EthtoolNumbers, ThatComeTwiceCountOnce) {
  Bytes reply = Rings();
  const Bytes again = reply;
  reply.insert(reply.end(), again.begin(), again.end());
  Settings settings;
  ASSERT_TRUE(ParseNumbers(ETHTOOL_MSG_RINGS_GET, reply, "eth0", settings));
  Settings once;
  ASSERT_TRUE(ParseNumbers(ETHTOOL_MSG_RINGS_GET, again, "eth0", once));
  EXPECT_EQ(Lines(settings), Lines(once));
}

// Every cut either ends at an attribute's boundary or is an error that names the device.
TEST(EthtoolNumbers, OfACutReplyAreAnErrorOrFewer) {
  const Bytes whole = Rings();
  Settings all;
  ASSERT_TRUE(ParseNumbers(ETHTOOL_MSG_RINGS_GET, whole, "eth0", all));
  std::size_t errors = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    Settings settings;
    const Status status = ParseNumbers(ETHTOOL_MSG_RINGS_GET, cut, "eth0", settings);
    if (!status) {
      ++errors;
      EXPECT_EQ(status.error().Describe(),
                "netlink generic ethtool: an attribute does not fit, device: 'eth0'");
    }
    ASSERT_LE(settings.numbers.size(), all.numbers.size());
    for (std::size_t i = 0; i < settings.numbers.size(); ++i) {
      EXPECT_EQ(settings.numbers[i], all.numbers[i]);
    }
  }
  EXPECT_GT(errors, whole.size() / 2);
}

TEST(EthtoolNumbers, OfAWrongSizeAreRefused) {
  NetlinkBuilder builder;
  builder.AddU16(ETHTOOL_A_RINGS_RX, 256);
  Settings settings;
  const Status status = ParseNumbers(ETHTOOL_MSG_RINGS_GET, BytesOf(builder), "eth0", settings);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kMalformed);
}

void AddBits(NetlinkBuilder& builder, std::uint16_t type, const std::vector<std::string>& names,
             bool with_value) {
  const std::size_t set = builder.BeginNest(type);
  const std::size_t bits = builder.BeginNest(ETHTOOL_A_BITSET_BITS);
  for (const std::string& name : names) {
    const std::size_t bit = builder.BeginNest(ETHTOOL_A_BITSET_BITS_BIT);
    builder.AddText(ETHTOOL_A_BITSET_BIT_NAME, name);
    if (with_value) builder.AddBytes(ETHTOOL_A_BITSET_BIT_VALUE, {});
    builder.EndNest(bit);
  }
  builder.EndNest(bits);
  builder.EndNest(set);
}

TEST(EthtoolFeatures, AreOnIfActiveAndKnownIfTheKernelNamesThem) {
  NetlinkBuilder builder;
  // Active before hw: the order of attributes means nothing.
  AddBits(builder, ETHTOOL_A_FEATURES_ACTIVE, {"rx-gro", "tx-lockless"}, false);
  AddBits(builder, ETHTOOL_A_FEATURES_HW, {"rx-gro", "rx-lro", "tx-lockless"}, true);
  AddBits(builder, ETHTOOL_A_FEATURES_NOCHANGE, {"rx-lro"}, true);
  Settings settings;
  ASSERT_TRUE(ParseFeatures(BytesOf(builder), "eth0", settings));
  ASSERT_EQ(settings.features.size(), 2u);
  EXPECT_EQ(settings.features[0].row->name, "ethtool.features.rx-gro");
  EXPECT_TRUE(settings.features[0].is_on);
  EXPECT_EQ(settings.features[1].row->name, "ethtool.features.rx-lro");
  EXPECT_FALSE(settings.features[1].is_on);
}

TEST(EthtoolRss, CountsTheTableByQueue) {
  const std::vector<std::uint32_t> table = {0, 1, 0, 3};
  NetlinkBuilder builder;
  builder.AddBytes(nlabi::kEthtoolARssIndir, std::as_bytes(std::span(table)));
  Settings settings;
  ASSERT_TRUE(ParseRss(BytesOf(builder), "eth0", settings));
  EXPECT_EQ(settings.rss_entries, (std::vector<std::uint32_t>{2, 1, 0, 1}));
}

TEST(EthtoolRss, RefusesAQueueThatNoCardHas) {
  const std::vector<std::uint32_t> table = {0, 4'000'000'000};
  NetlinkBuilder builder;
  builder.AddBytes(nlabi::kEthtoolARssIndir, std::as_bytes(std::span(table)));
  Settings settings;
  EXPECT_FALSE(ParseRss(BytesOf(builder), "eth0", settings));
}

TEST(EthtoolCounters, AreThereOnlyIfTheDriverGivesThem) {
  const std::uint64_t sent = 5'000'000'000;
  NetlinkBuilder pause;
  const std::size_t stats = pause.BeginNest(ETHTOOL_A_PAUSE_STATS);
  pause.AddBytes(ETHTOOL_A_PAUSE_STAT_TX_FRAMES, std::as_bytes(std::span(&sent, 1)));
  pause.EndNest(stats);
  LiveCounters counters;
  ASSERT_TRUE(ParsePauseFrames(BytesOf(pause), "eth0", counters));
  EXPECT_EQ(counters, (LiveCounters{.pause_sent = 5'000'000'000}));
  NetlinkBuilder state;
  state.AddU32(nlabi::kEthtoolALinkstateExtDownCnt, 3);
  ASSERT_TRUE(ParseLinkState(BytesOf(state), "eth0", counters));
  EXPECT_EQ(counters, (LiveCounters{.pause_sent = 5'000'000'000, .link_down_events = 3}));
}

}  // namespace
}  // namespace netstack::ethtool
