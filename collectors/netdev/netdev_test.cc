#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "collectors/fixture_host.h"
#include "collectors/netdev_test_source.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::netdev {

extern const CollectorDeclaration kCollector;

namespace {

using namespace nlabi;  // NOLINT: its names are all that this file is about
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

// Cards eth0 with the index 2 and eth1 with the index 3.
class NetdevTest : public testing::Test {
 protected:
  NetdevTest() {
    host_.SetOption("tier", "extended");
    AddCard("eth0", "2");
    AddCard("eth1", "3");
    host_.UseNetlink(kernel_);
    kernel_.answers[kNetdevCmdQueueGet] = {};
    kernel_.answers[kNetdevCmdNapiGet] = {};
  }
  void AddCard(const std::string& name, const std::string& index) {
    host_.Write("sys/class/net/" + name + "/ifindex", index + "\n");
    std::filesystem::create_symlink("../../../" + name + "_parent",
                                    host_.PathOf("sys/class/net/" + name + "/device"));
  }
  void AddQueue(std::uint64_t device, std::uint64_t type, std::uint64_t number,
                std::uint64_t napi) {
    MadeNetdev::Numbers numbers = {
        {kNetdevAQueueId, number}, {kNetdevAQueueType, type}, {kNetdevAQueueIfindex, device}};
    if (napi != 0) numbers.emplace_back(kNetdevAQueueNapiId, napi);
    kernel_.Add(kNetdevCmdQueueGet, numbers);
  }
  void AddPool(std::uint64_t device, std::uint64_t id, std::uint64_t slow) {
    kernel_.Add(kNetdevCmdPagePoolGet, {{kNetdevAPagePoolId, id},
                                        {kNetdevAPagePoolIfindex, device},
                                        {kNetdevAPagePoolInflight, 10},
                                        {kNetdevAPagePoolInflightMem, 40'960}});
    kernel_.Add(kNetdevCmdPagePoolStatsGet, {{kNetdevAPagePoolStatsAllocSlow, slow}},
                {{kNetdevAPagePoolId, id}, {kNetdevAPagePoolIfindex, device}});
  }
  void ForgetPools() {
    kernel_.answers[kNetdevCmdPagePoolGet].clear();
    kernel_.answers[kNetdevCmdPagePoolStatsGet].clear();
  }
  // The page's lines without "netstack_" and without the age.
  std::vector<std::string> Page() {
    const Outcome outcome = host_.Collect();
    EXPECT_EQ(outcome.state, CollectorState::kOk)
        << (outcome.error ? outcome.error->Describe() : "");
    std::vector<std::string> lines;
    for (const std::string& line : host_.Lines()) {
      if (line.find("_age_seconds") == std::string::npos) lines.push_back(line.substr(9));
    }
    return lines;
  }

  MadeNetdev kernel_;
  FixtureHost host_{kCollector};
};

TEST_F(NetdevTest, TellsWhichNapiAndInterruptServeAQueue) {
  AddQueue(2, 0, 0, 257);
  AddQueue(2, 1, 0, 257);
  AddQueue(2, 0, 1, 258);
  AddQueue(2, 1, 1, 0);    // Nobody polls it.
  AddQueue(7, 0, 0, 300);  // Of a device that is no card.
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 257},
                                  {kNetdevANapiIfindex, 2},
                                  {kNetdevANapiIrq, 31},
                                  {kNetdevANapiPid, 1234},
                                  {kNetdevANapiThreaded, 1},
                                  {kNetdevANapiDeferHardIrqs, 2},
                                  {kNetdevANapiIrqSuspendTimeout, 0},
                                  {kNetdevANapiGroFlushTimeout, 20'000}});
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 258}, {kNetdevANapiIfindex, 2}});
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 300}, {kNetdevANapiIfindex, 7}});
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 400}, {kNetdevANapiIfindex, 3}});
  EXPECT_THAT(
      Page(),
      ElementsAre(
          "napi_info{device=\"eth0\",direction=\"receive\",queue=\"0\",napi=\"257\",irq=\"31\","
          "thread_pid=\"1234\"} 1",
          "napi_info{device=\"eth0\",direction=\"transmit\",queue=\"0\",napi=\"257\",irq=\"31\","
          "thread_pid=\"1234\"} 1",
          "napi_info{device=\"eth0\",direction=\"receive\",queue=\"1\",napi=\"258\"} 1",
          "napi_info{device=\"eth1\",napi=\"400\"} 1",
          "napi_defer_hard_irqs{device=\"eth0\",napi=\"257\"} 2",
          "napi_gro_flush_timeout_seconds{device=\"eth0\",napi=\"257\"} 2.0000000000000002e-05",
          "napi_irq_suspend_timeout_seconds{device=\"eth0\",napi=\"257\"} 0",
          "napi_threaded{device=\"eth0\",napi=\"257\"} 1"));
}

TEST_F(NetdevTest, ShowsWhatSomebodySetAndNoMoreUnlessAskedTo) {
  host_.SetOption("tier", "core");
  AddQueue(2, 0, 0, 257);
  AddPool(2, 1, 5);
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 257},
                                  {kNetdevANapiIfindex, 2},
                                  {kNetdevANapiDeferHardIrqs, 2},
                                  {kNetdevANapiGroFlushTimeout, 0}});
  EXPECT_THAT(Page(), ElementsAre("napi_defer_hard_irqs{device=\"eth0\",napi=\"257\"} 2"));
  EXPECT_EQ(kernel_.asked[kNetdevCmdPagePoolGet], 0);
}

TEST_F(NetdevTest, ShowsSettingsThatNobodyMadeOnRequest) {
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 257},
                                  {kNetdevANapiIfindex, 2},
                                  {kNetdevANapiThreaded, 0},
                                  {kNetdevANapiGroFlushTimeout, 0}});
  EXPECT_THAT(Page(), ElementsAre("napi_info{device=\"eth0\",napi=\"257\"} 1",
                                  "napi_gro_flush_timeout_seconds{device=\"eth0\",napi=\"257\"} 0",
                                  "napi_threaded{device=\"eth0\",napi=\"257\"} 0"));
}

TEST_F(NetdevTest, ReadsSettingsAgainWhenADeviceComesAndNotBefore) {
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 257}, {kNetdevANapiIfindex, 2}});
  Page();
  Page();
  EXPECT_EQ(kernel_.asked[kNetdevCmdNapiGet], 1);
  AddCard("eth2", "4");
  Page();
  EXPECT_EQ(kernel_.asked[kNetdevCmdNapiGet], 2);
}

TEST_F(NetdevTest, ReadsSettingsAtEachRoundIfTold) {
  host_.SetOption("settings-max-age", "0s");
  Page();
  Page();
  EXPECT_EQ(kernel_.asked[kNetdevCmdNapiGet], 2);
}

TEST_F(NetdevTest, LeavesOutTheQueuesOfALargeCardUnlessAskedTo) {
  for (std::uint64_t i = 0; i < 17; ++i) {
    AddQueue(2, 0, i, 500 + i);
    kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 500 + i}, {kNetdevANapiIfindex, 2}});
  }
  EXPECT_THAT(Page(), IsEmpty());
  FixtureHost every(kCollector);
  every.SetOption("per-queue", "true");
  every.SetOption("tier", "extended");
  every.UseNetlink(kernel_);
  every.Write("sys/class/net/eth0/ifindex", "2\n");
  std::filesystem::create_symlink("../../../p", every.PathOf("sys/class/net/eth0/device"));
  EXPECT_EQ(every.Collect().state, CollectorState::kOk);
  EXPECT_EQ(every.Lines().size(), 17u + 1u);
}

TEST_F(NetdevTest, AddsUpThePoolsOfADevice) {
  AddPool(2, 11, 100);
  AddPool(2, 12, 50);
  kernel_.Add(kNetdevCmdPagePoolGet, {{kNetdevAPagePoolId, 13},
                                      {kNetdevAPagePoolIfindex, 2},
                                      {kNetdevAPagePoolDetachTime, 99},
                                      {kNetdevAPagePoolInflight, 1}});
  kernel_.Add(kNetdevCmdPagePoolGet, {{kNetdevAPagePoolId, 14}});  // Its device is gone.
  EXPECT_THAT(Page(), IsSupersetOf({"page_pool_pools{device=\"eth0\",state=\"attached\"} 2",
                                    "page_pool_pools{device=\"eth0\",state=\"detached\"} 1",
                                    "page_pool_inflight_pages{device=\"eth0\"} 21",
                                    "page_pool_inflight_bytes{device=\"eth0\"} 81920",
                                    "page_pool_allocations_total{device=\"eth0\",kind=\"slow\"} "
                                    "0"}));
}

TEST_F(NetdevTest, CountsPoolsByIncreasesThatSurviveAPool) {
  const auto slow = [this] {
    for (const std::string& line : Page()) {
      if (line.find("kind=\"slow\"") != std::string::npos) return line.substr(line.rfind(' ') + 1);
    }
    return std::string("none");
  };
  AddPool(2, 11, 100);
  EXPECT_EQ(slow(), "0");
  ForgetPools();
  AddPool(2, 11, 130);
  EXPECT_EQ(slow(), "30");
  ForgetPools();
  AddPool(2, 12, 5);  // The ring was made anew.
  EXPECT_EQ(slow(), "35");
  ForgetPools();
  EXPECT_EQ(slow(), "35");
  AddPool(2, 12, 8);
  EXPECT_EQ(slow(), "38") << "one dump did not have it";
}

TEST_F(NetdevTest, CountsAnAnswerThatWasInterruptedOnce) {
  AddPool(2, 11, 100);
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 257}, {kNetdevANapiIfindex, 2}});
  kernel_.interrupt = true;
  EXPECT_THAT(Page(), IsSupersetOf({"napi_info{device=\"eth0\",napi=\"257\"} 1",
                                    "page_pool_pools{device=\"eth0\",state=\"attached\"} 1"}));
}

TEST_F(NetdevTest, IsAbsentWhereTheKernelHasNoSuchFamily) {
  kernel_.has_family = false;
  EXPECT_EQ(host_.Collect().state, CollectorState::kAbsent);
  EXPECT_THAT(host_.Lines(), IsEmpty());
}

TEST_F(NetdevTest, IsAbsentWhereTheFamilyCannotTellQueuesYet) {
  kernel_.answers.clear();
  EXPECT_EQ(host_.Collect().state, CollectorState::kAbsent);
}

TEST_F(NetdevTest, FailsWhenTheKernelDoes) {
  kernel_.failure = Error{.kind = ErrorKind::kTimeout, .path = "netlink", .what = "no answer"};
  EXPECT_EQ(host_.Collect().state, CollectorState::kTimeout);
}

TEST_F(NetdevTest, PassesOverWhatLacksItsNumbers) {
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiId, 257}});
  kernel_.Add(kNetdevCmdNapiGet, {{kNetdevANapiIfindex, 2}});
  kernel_.Add(kNetdevCmdQueueGet, {{kNetdevAQueueId, 1}});
  kernel_.Add(kNetdevCmdPagePoolStatsGet, {{kNetdevAPagePoolStatsAllocSlow, 1}});
  kernel_.answers[kNetdevCmdPagePoolGet] = {};
  EXPECT_THAT(Page(), IsEmpty());
}

}  // namespace
}  // namespace netstack::netdev
