#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "collectors/ethtool/ethtool_test_host.h"
#include "collectors/ethtool/families.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::ethtool {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

TEST_F(EthtoolTest, ReadsTheSettingsOfHardwareOnceAndListensForChanges) {
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}, {"eth1", 512}}));
  EXPECT_EQ(netlink_.joined,
            (std::map<int, std::uint32_t>{{NETLINK_GENERIC, 7}, {NETLINK_ROUTE, RTNLGRP_LINK}}));
  EXPECT_EQ(netlink_.requests, 2);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}, {"eth1", 512}}));
  EXPECT_EQ(netlink_.requests, 2);
}

TEST_F(EthtoolTest, ReadsADeviceAgainWhenTheKernelTellsOfAChange) {
  Collect();
  netlink_.rings["eth1"] = 1024;
  netlink_.news.push_back(Ring("eth1", 1024, ETHTOOL_MSG_RINGS_NTF));
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}, {"eth1", 1024}}));
  EXPECT_EQ(netlink_.requests, 3) << "eth0 did not change";
}

// A ring that is changed by ioctl is not told of, but the device goes down and up.
TEST_F(EthtoolTest, ReadsADeviceAgainWhenTheKernelTellsOfTheDevice) {
  Collect();
  netlink_.rings["eth0"] = 128;
  netlink_.link_news = {LinkNews("eth0"), LinkNews("lo")};
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 128}, {"eth1", 512}}));
  EXPECT_EQ(netlink_.requests, 3) << "eth1 did not change";
}

TEST_F(EthtoolTest, ReadsCountersAtEachRoundAndOnlyThoseThatTheDriverHas) {
  ASSERT_EQ(options_.Set("tier", "extended"), "");
  netlink_.of_eth0 = {{ETHTOOL_MSG_STATS_GET, FcsErrors(4)},
                      {ETHTOOL_MSG_FEC_GET, UncorrectableBlocks(1)}};
  Collect();
  netlink_.of_eth0 = {{ETHTOOL_MSG_STATS_GET, FcsErrors(6)},
                      {ETHTOOL_MSG_FEC_GET, UncorrectableBlocks(3)}};
  Collect();
  EXPECT_THAT(Lines(samples_),
              testing::IsSupersetOf(
                  {"netstack_ethtool_receive_errors_total{device=\"eth0\",error=\"fcs\"} 6",
                   "netstack_ethtool_fec_uncorrectable_blocks_total{device=\"eth0\"} 3",
                   "netstack_ethtool_fec_info{device=\"eth0\",configured=\"auto\"} 1"}));
  EXPECT_EQ(netlink_.asked[ETHTOOL_MSG_STATS_GET], 2);
  EXPECT_EQ(netlink_.asked[ETHTOOL_MSG_FEC_GET], 2);
  EXPECT_EQ(netlink_.asked[ETHTOOL_MSG_PAUSE_GET], 1) << "the driver has none";
}

TEST_F(EthtoolTest, ShowsTheDriverOfACardThatHasFirmware) {
  std::filesystem::create_directories(root_ / "driver_info");
  std::ofstream(root_ / "driver_info/eth0")
      << "driver: ice\nversion: 6.1\nfirmware-version: 4.4 \xff\nbus-info: 0000:00:03.0\n";
  std::ofstream(root_ / "driver_info/eth1") << "driver: virtio_net\nversion: 1.0.0\n"
                                            << "firmware-version: \nbus-info: 0000:00:04.0\n";
  Collect();
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  std::vector<std::string> lines = Lines(samples_);
  std::erase_if(lines, [](const std::string& line) {
    return !line.starts_with("netstack_ethtool_driver_info");
  });
  EXPECT_THAT(
      lines,
      ElementsAre("netstack_ethtool_driver_info{device=\"eth0\",driver=\"ice\",version=\"6.1\","
                  "firmware=\"4.4 \\xff\",bus=\"0000:00:03.0\"} 1"));
}

// Each attribute of the kernel's header but the header's own and the profiles, which are lists.
TEST_F(EthtoolTest, ShowsEveryParameterOfCoalescingAndItsTimesInSeconds) {
  ASSERT_EQ(options_.Set("tier", "extended"), "");
  NetlinkBuilder reply;
  BeginGeneric(reply, ETHTOOL_MSG_COALESCE_GET_REPLY);
  constexpr std::uint16_t kFirst = ETHTOOL_A_COALESCE_HEADER + 1;
  constexpr std::uint16_t kLast = nlabi::kEthtoolACoalesceRxCqeNsecs;
  const auto is_profile = [](std::uint16_t attribute) {
    return attribute == nlabi::kEthtoolACoalesceRxProfile ||
           attribute == nlabi::kEthtoolACoalesceTxProfile;
  };
  for (std::uint16_t attribute = kFirst; attribute <= kLast; ++attribute) {
    if (!is_profile(attribute)) reply.AddU32(attribute, 1000u * attribute);
  }
  netlink_.of_eth0 = {{ETHTOOL_MSG_COALESCE_GET, BytesOf(reply)}};
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  int shown = 0;
  int times = 0;
  std::multiset<double> seconds;
  std::multiset<double> expected;
  for (std::size_t family = 0; family < samples_.families().size(); ++family) {
    samples_.ForEach(family, [&](const Samples::View& sample) {
      const bool is_time = family == kReceiveCoalesce || family == kTransmitCoalesce;
      if (is_time) seconds.insert(sample.value().AsDouble());
      if (family != kTunable || !sample.Label(2).starts_with("ethtool.coalesce.")) return;
      ++shown;
      const bool is_micro = sample.Label(5) == "microseconds";
      if (!is_micro && sample.Label(5) != "nanoseconds") return;
      ++times;
      expected.insert(static_cast<double>(sample.value().integer) / (is_micro ? 1e6 : 1e9));
    });
  }
  EXPECT_EQ(shown, kLast - kFirst + 1 - 2);
  EXPECT_EQ(times, 11);
  EXPECT_EQ(seconds, expected);
}

TEST_F(EthtoolTest, ShowsTheLevelsOfAdaptiveCoalescingInSeconds) {
  ASSERT_EQ(options_.Set("tier", "extended"), "");
  NetlinkBuilder reply;
  BeginGeneric(reply, ETHTOOL_MSG_COALESCE_GET_REPLY);
  const std::size_t profile = reply.BeginNest(nlabi::kEthtoolACoalesceRxProfile);
  for (const std::uint32_t microseconds : {250000u, 500000u}) {
    const std::size_t level = reply.BeginNest(nlabi::kEthtoolAProfileIrqModeration);
    reply.AddU32(nlabi::kEthtoolAIrqModerationUsec, microseconds);
    reply.AddU32(nlabi::kEthtoolAIrqModerationPkts, 256);
    reply.EndNest(level);
  }
  reply.EndNest(profile);
  netlink_.of_eth0 = {{ETHTOOL_MSG_COALESCE_GET, BytesOf(reply)}};
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  std::vector<std::string> lines = Lines(samples_);
  std::erase_if(lines, [](const std::string& line) {
    return !line.starts_with("netstack_ethtool_moderation_");
  });
  const std::string of_eth0 = "{device=\"eth0\",direction=\"receive\",level=";
  EXPECT_THAT(lines, ElementsAre("netstack_ethtool_moderation_seconds" + of_eth0 + "\"0\"} 0.25",
                                 "netstack_ethtool_moderation_seconds" + of_eth0 + "\"1\"} 0.5",
                                 "netstack_ethtool_moderation_packets" + of_eth0 + "\"0\"} 256",
                                 "netstack_ethtool_moderation_packets" + of_eth0 + "\"1\"} 256"));
}

TEST_F(EthtoolTest, ReadsAllDevicesAgainWhenNewsWereLost) {
  Collect();
  netlink_.rings = {{"eth0", 64}, {"eth1", 128}};
  netlink_.news_lost = true;
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 64}, {"eth1", 128}}));
}

TEST_F(EthtoolTest, ReadsAgainWhatIsOlderThanTheMaximumAge) {
  ASSERT_EQ(options_.Set("settings-max-age", "0"), "");
  Collect();
  netlink_.rings["eth0"] = 300;
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 300}, {"eth1", 512}}));
}

TEST_F(EthtoolTest, KeepsTheOtherDevicesAndTheLastSettingsOfASickOne) {
  Collect();
  netlink_.sick = Error{.kind = ErrorKind::kIo, .path = "netlink generic", .what = "broken"};
  netlink_.news_lost = true;
  netlink_.rings["eth0"] = 64;
  const Outcome outcome = Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->Describe(), "netlink generic ethtool eth1: broken");
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 64}, {"eth1", 512}}));
  netlink_.sick.reset();
  netlink_.rings["eth1"] = 32;
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 64}, {"eth1", 32}}));
}

TEST_F(EthtoolTest, ADeviceThatGoesBetweenTwoCallsCostsOnlyItself) {
  netlink_.sick = Error{.kind = ErrorKind::kAbsent, .path = "netlink generic", .what = "no device"};
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}}));
}

TEST_F(EthtoolTest, ShowsNoDeviceThatCouldNeverBeRead) {
  netlink_.sick = Error{.kind = ErrorKind::kIo, .what = "broken"};
  EXPECT_EQ(Collect().state, CollectorState::kPartial);
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}}));
}

TEST_F(EthtoolTest, ReadsADeviceThatTookTheNameOfAnother) {
  Collect();
  AddDevice("eth0", 9);
  netlink_.rings["eth0"] = 2048;
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 2048}, {"eth1", 512}}));
}

TEST_F(EthtoolTest, ForgetsADeviceThatIsGone) {
  Collect();
  std::filesystem::remove_all(Net("eth0"));
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Rings(), (Sizes{{"eth1", 512}}));
}

TEST_F(EthtoolTest, LeavesOutWhatIsExcluded) {
  ASSERT_EQ(options_.Set("device-exclude", "eth1"), "");
  Collect();
  EXPECT_EQ(Rings(), (Sizes{{"eth0", 256}}));
}

TEST_F(EthtoolTest, IsAbsentWithoutSysfs) {
  std::filesystem::remove_all(root_ / "sys");
  EXPECT_EQ(Collect().state, CollectorState::kAbsent);
}

}  // namespace
}  // namespace netstack::ethtool
