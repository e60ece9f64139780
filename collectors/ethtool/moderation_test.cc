#include "collectors/ethtool/moderation.h"

#include <gtest/gtest.h>
#include <linux/ethtool_netlink.h>

#include <vector>

#include "kernel/netlink/builder.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::ethtool {
namespace {

using Levels = std::vector<ModerationLevel>;

// As Linux 6.11 writes it: a nest of nests without numbers of their own.
void AddProfile(NetlinkBuilder& reply, std::uint16_t type, const Levels& levels) {
  const std::size_t profile = reply.BeginNest(type);
  for (const ModerationLevel& level : levels) {
    const std::size_t nest = reply.BeginNest(nlabi::kEthtoolAProfileIrqModeration);
    const auto add = [&](std::uint16_t attribute, const std::optional<std::uint64_t>& value) {
      if (value) reply.AddU32(attribute, static_cast<std::uint32_t>(*value));
    };
    add(nlabi::kEthtoolAIrqModerationUsec, level.microseconds);
    add(nlabi::kEthtoolAIrqModerationPkts, level.packets);
    add(nlabi::kEthtoolAIrqModerationComps, level.completions);
    reply.EndNest(nest);
  }
  reply.EndNest(profile);
}

const Levels kReceive = {{.is_transmit = false, .level = 0, .microseconds = 1, .packets = 256},
                         {.is_transmit = false, .level = 1, .microseconds = 8, .packets = 256}};
const Levels kTransmit = {{.is_transmit = true, .level = 0, .packets = 64, .completions = 2}};

NetlinkBuilder Reply() {
  NetlinkBuilder reply;
  reply.AddU32(ETHTOOL_A_COALESCE_RX_USECS, 3);
  AddProfile(reply, nlabi::kEthtoolACoalesceRxProfile, kReceive);
  AddProfile(reply, nlabi::kEthtoolACoalesceTxProfile, kTransmit);
  return reply;
}

TEST(ModerationProfiles, AreListsOfLevelsForEachDirection) {
  Levels levels;
  ASSERT_TRUE(ParseModeration(Reply().payload(), "eth0", levels));
  Levels both = kReceive;
  both.insert(both.end(), kTransmit.begin(), kTransmit.end());
  EXPECT_EQ(levels, both);
}

TEST(ModerationProfiles, ThatComeTwiceCountOnce) {
  NetlinkBuilder reply;
  AddProfile(reply, nlabi::kEthtoolACoalesceRxProfile, kReceive);
  AddProfile(reply, nlabi::kEthtoolACoalesceRxProfile, kReceive);
  Levels levels;
  ASSERT_TRUE(ParseModeration(reply.payload(), "eth0", levels));
  EXPECT_EQ(levels, kReceive);
}

TEST(ModerationProfiles, WithAShortNumberAreAnErrorThatNamesTheDevice) {
  NetlinkBuilder reply;
  const std::size_t profile = reply.BeginNest(nlabi::kEthtoolACoalesceRxProfile);
  const std::size_t nest = reply.BeginNest(nlabi::kEthtoolAProfileIrqModeration);
  reply.AddU16(nlabi::kEthtoolAIrqModerationUsec, 1);
  reply.EndNest(nest);
  reply.EndNest(profile);
  Levels levels;
  const Status parsed = ParseModeration(reply.payload(), "eth0", levels);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().kind, ErrorKind::kMalformed);
  EXPECT_NE(parsed.error().Describe().find("eth0"), std::string::npos);
}

TEST(ModerationProfiles, OfTooManyLevelsAreAnError) {
  NetlinkBuilder reply;
  AddProfile(reply, nlabi::kEthtoolACoalesceRxProfile, Levels(65));
  Levels levels;
  EXPECT_FALSE(ParseModeration(reply.payload(), "eth0", levels));
}

}  // namespace
}  // namespace netstack::ethtool
