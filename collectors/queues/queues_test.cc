#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "collectors/queues/queues_test_host.h"
#include "kernel/tick.h"

namespace netstack::queues {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::StartsWith;
using testing::UnorderedElementsAre;

TEST_F(QueuesTest, ShowsEachQueueInTheOrderOfItsNumber) {
  AddCard("eth0", 16);
  EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
  const std::vector<std::string> lines = Lines("inflight");
  ASSERT_EQ(lines.size(), 16u);
  EXPECT_EQ(lines[2], "bql_inflight_bytes{device=\"eth0\",queue=\"2\"} 2");
  EXPECT_EQ(lines[10], "bql_inflight_bytes{device=\"eth0\",queue=\"10\"} 10");
}

TEST_F(QueuesTest, PutsTogetherWhatIsTheSameOfAllQueuesUnlessAskedNotTo) {
  AddCard("eth0", 2);
  host_.Collect();
  EXPECT_THAT(Lines("rps_cpus"), ElementsAre("rps_cpus{device=\"eth0\",aggregate=\"min\"} 2",
                                             "rps_cpus{device=\"eth0\",aggregate=\"max\"} 2"));
  EXPECT_THAT(Lines("timeouts"),
              ElementsAre("transmit_timeouts_total{device=\"eth0\",aggregate=\"sum\"} 4"));
}

TEST_F(QueuesTest, ShowsThemByQueueOnRequest) {
  host_.SetOption("tier", "extended");
  AddCard("eth0", 2);
  host_.Collect();
  EXPECT_THAT(Lines("timeouts"),
              ElementsAre("transmit_timeouts_total{device=\"eth0\",queue=\"0\"} 2",
                          "transmit_timeouts_total{device=\"eth0\",queue=\"1\"} 2"));
  EXPECT_THAT(Lines("fill"), ElementsAre("bql_fill_ratio{device=\"eth0\"} 0.001"));
}

TEST_F(QueuesTest, PutsTheQueuesOfALargeCardTogether) {
  AddCard("eth0", 17);
  host_.Write("sys/class/net/eth0/queues/rx-3/rps_cpus", "0\n");
  EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
  EXPECT_THAT(Lines(),
              UnorderedElementsAre("bql_inflight_bytes{device=\"eth0\",aggregate=\"sum\"} 136",
                                   "bql_inflight_bytes{device=\"eth0\",aggregate=\"min\"} 0",
                                   "bql_inflight_bytes{device=\"eth0\",aggregate=\"max\"} 16",
                                   "bql_limit_bytes{device=\"eth0\",aggregate=\"sum\"} 17000",
                                   "bql_limit_bytes{device=\"eth0\",aggregate=\"min\"} 1000",
                                   "bql_limit_bytes{device=\"eth0\",aggregate=\"max\"} 1000",
                                   "transmit_timeouts_total{device=\"eth0\",aggregate=\"sum\"} 34",
                                   "rps_cpus{device=\"eth0\",aggregate=\"min\"} 0",
                                   "rps_cpus{device=\"eth0\",aggregate=\"max\"} 2",
                                   "receive_queues{device=\"eth0\"} 17",
                                   "transmit_queues{device=\"eth0\"} 17"));
}

TEST_F(QueuesTest, ShowsEachQueueOfALargeCardOnRequest) {
  host_.SetOption("per-queue", "true");
  AddCard("eth0", 17);
  host_.Collect();
  EXPECT_THAT(Lines("inflight"), Contains("bql_inflight_bytes{device=\"eth0\",queue=\"16\"} 16"));
}

TEST_F(QueuesTest, FollowsWhatChangesByItselfAndKeepsSettingsForAWhile) {
  AddCard("eth0", 1);
  host_.Collect();
  const std::string queues = "sys/class/net/eth0/queues/";
  host_.Write(queues + "tx-0/byte_queue_limits/inflight", "77\n");
  host_.Write(queues + "tx-0/tx_timeout", "3\n");
  host_.Write(queues + "rx-0/rps_cpus", "0\n");
  EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
  EXPECT_THAT(Lines(), IsSupersetOf({"bql_inflight_bytes{device=\"eth0\",queue=\"0\"} 77",
                                     "transmit_timeouts_total{device=\"eth0\",queue=\"0\"} 3",
                                     "rps_cpus{device=\"eth0\",queue=\"0\"} 2"}));
}

TEST_F(QueuesTest, ReadsTheQueuesOfALargeCardInTurn) {
  AddCard("eth0", 33);
  host_.Collect();
  for (int i = 0; i < 33; ++i) {
    const std::string folder = "sys/class/net/eth0/queues/tx-" + std::to_string(i) + "/";
    host_.Write(folder + "byte_queue_limits/limit", "1001\n");
    host_.Write(folder + "tx_timeout", "3\n");
  }
  const auto limits = [this](int sum) {
    EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
    EXPECT_THAT(Lines("limit"), Contains("bql_limit_bytes{device=\"eth0\",aggregate=\"sum\"} " +
                                         std::to_string(sum)));
  };
  limits(33'000 + 16);
  limits(33'000 + 32);
  limits(33'000 + 33);
  EXPECT_THAT(Lines("timeouts"),
              ElementsAre("transmit_timeouts_total{device=\"eth0\",aggregate=\"sum\"} 66"))
      << "with the settings";
}

// So many large cards, of which the second is looked at.
class ManyLargeCards : public QueuesTest {
 protected:
  int QueuesOfOneReadAtAScrape(int cards) {
    constexpr int kQueues = 17;
    for (int card = 0; card < cards; ++card) AddCard("eth" + std::to_string(card), kQueues);
    host_.Collect();
    for (int i = 0; i < kQueues; ++i) {
      host_.Write("sys/class/net/eth1/queues/tx-" + std::to_string(i) + "/byte_queue_limits/limit",
                  "1001\n");
    }
    host_.Collect();
    const std::vector<std::string> sum = Lines("limit_bytes{device=\"eth1\",aggregate=\"sum\"} ");
    return sum.size() == 1 ? std::stoi(sum[0].substr(sum[0].rfind(' '))) - kQueues * 1000 : -1;
  }
};

TEST_F(ManyLargeCards, ShareWhatAScrapeReads) {
  EXPECT_EQ(QueuesOfOneReadAtAScrape(4), 6);
}

TEST_F(ManyLargeCards, AreAllRead) {
  EXPECT_EQ(QueuesOfOneReadAtAScrape(10), 4);
}

TEST_F(QueuesTest, ShowsAByteQueueAsSoonAsItsDriverTakesPart) {
  AddCard("eth0", 1);
  const std::string bql = "sys/class/net/eth0/queues/tx-0/byte_queue_limits/";
  host_.Write(bql + "limit", "0\n");
  host_.Collect();
  EXPECT_THAT(Lines("bql"), IsEmpty());
  host_.Write(bql + "limit", "1000\n");
  host_.Write(bql + "inflight", "5\n");
  host_.Collect();
  EXPECT_THAT(Lines("bql"), ElementsAre("bql_inflight_bytes{device=\"eth0\",queue=\"0\"} 5",
                                        "bql_limit_bytes{device=\"eth0\",queue=\"0\"} 1000"));
}

TEST_F(QueuesTest, DoesNotReadWhatThePageDoesNotShow) {
  AddCard("eth0", 1);
  host_.Write("sys/class/net/eth0/queues/tx-0/byte_queue_limits/limit_max", "many\n");
  EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
}

TEST_F(QueuesTest, ReadsSettingsAgainWhenTheyAreTooOld) {
  host_.SetOption("settings-max-age", "0");
  AddCard("eth0", 1);
  host_.Collect();
  host_.Write("sys/class/net/eth0/queues/rx-0/rps_cpus", "1\n");
  host_.Collect();
  EXPECT_THAT(Lines("rps_cpus"), ElementsAre("rps_cpus{device=\"eth0\",queue=\"0\"} 1"));
}

TEST_F(QueuesTest, ReadsTheSettingsOfALargeCardInTurn) {
  host_.SetOption("settings-max-age", "0");
  AddCard("eth0", 33);
  host_.Collect();
  for (int i = 0; i < 33; ++i) {
    host_.Write("sys/class/net/eth0/queues/tx-" + std::to_string(i) + "/tx_timeout", "3\n");
  }
  for (const int sum : {66 + 16, 66 + 32, 66 + 33}) {
    EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
    EXPECT_THAT(Lines("timeouts"),
                ElementsAre("transmit_timeouts_total{device=\"eth0\",aggregate=\"sum\"} " +
                            std::to_string(sum)));
  }
}

TEST_F(QueuesTest, FindsTheNewQueuesOfALargeCard) {
  host_.SetOption("settings-max-age", "0");
  AddCard("eth0", 17);
  host_.Collect();
  host_.Write("sys/class/net/eth0/queues/tx-17/tx_timeout", "4\n");
  host_.Collect();
  EXPECT_THAT(Lines("transmit_queues"), ElementsAre("transmit_queues{device=\"eth0\"} 18"));
  EXPECT_THAT(Lines("timeouts"),
              ElementsAre("transmit_timeouts_total{device=\"eth0\",aggregate=\"sum\"} 38"));
}

TEST_F(QueuesTest, LooksAgainWhenAQueueIsGone) {
  AddCard("eth0", 2);
  host_.Collect();
  host_.Remove("sys/class/net/eth0/queues/tx-1");
  EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
  EXPECT_THAT(Lines("inflight"), ElementsAre("bql_inflight_bytes{device=\"eth0\",queue=\"0\"} 0"));
  EXPECT_THAT(Lines("transmit_queues"), ElementsAre("transmit_queues{device=\"eth0\"} 1"));
}

TEST_F(QueuesTest, LeavesOutTheByteQueueWhoseDriverTakesNoPart) {
  AddCard("eth0", 2);
  host_.Write("sys/class/net/eth0/queues/tx-1/byte_queue_limits/limit", "0\n");
  host_.Collect();
  EXPECT_THAT(Lines("bql"), ElementsAre("bql_inflight_bytes{device=\"eth0\",queue=\"0\"} 0",
                                        "bql_limit_bytes{device=\"eth0\",queue=\"0\"} 1000"));
}

TEST_F(QueuesTest, ShowsStallsOnlyWhereTheyAreCounted) {
  AddCard("eth0", 2);
  for (const std::string queue : {"tx-0", "tx-1"}) {
    const std::string bql = "sys/class/net/eth0/queues/" + queue + "/byte_queue_limits/";
    host_.Write(bql + "stall_thrs", queue == "tx-0" ? "0\n" : "50\n");
    host_.Write(bql + "stall_cnt", queue == "tx-0" ? "0\n" : "3\n");
    host_.Write(bql + "stall_max", queue == "tx-0" ? "0\n" : "500\n");
  }
  host_.Collect();
  EXPECT_THAT(Lines("stall"),
              ElementsAre("bql_stall_threshold_seconds{device=\"eth0\",queue=\"1\"} "
                          "0.050000000000000003",
                          "bql_stalls_total{device=\"eth0\",queue=\"1\"} 3",
                          StartsWith("bql_stall_max_seconds{device=\"eth0\",queue=\"1\"} ")));
  // The kernel gives the threshold in milliseconds, and this in ticks.
  const std::string longest = Lines("stall_max").at(0);
  EXPECT_EQ(std::stod(longest.substr(longest.rfind(' '))),
            500 * std::chrono::duration<double>(KernelTick()).count());
}

TEST_F(QueuesTest, LosesOneNumberToAFileThatIsNotUnderstood) {
  AddCard("eth0", 2);
  host_.Write("sys/class/net/eth0/queues/tx-0/tx_timeout", "many\n");
  const Outcome outcome = host_.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->Describe(), host_.PathOf("sys/class/net/eth0/queues/tx-0/tx_timeout") +
                                           " line 1: not a number: 'many'");
  EXPECT_THAT(Lines("timeouts"),
              ElementsAre("transmit_timeouts_total{device=\"eth0\",aggregate=\"sum\"} 2"));
}

TEST_F(QueuesTest, ShowsNoDeviceWithoutHardware) {
  host_.Write("sys/class/net/veth0/queues/rx-0/rps_cpus", "3\n");
  EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(QueuesTest, ShowsADeviceWithoutHardwareThatIsAskedForByName) {
  host_.SetOption("device-include", "veth.*");
  host_.Write("sys/class/net/veth0/queues/rx-0/rps_cpus", "3\n");
  host_.Collect();
  EXPECT_THAT(Lines("rps"), ElementsAre("rps_cpus{device=\"veth0\",queue=\"0\"} 2"));
}

TEST_F(QueuesTest, IsAbsentWithoutSysfs) {
  EXPECT_EQ(host_.Collect().state, CollectorState::kAbsent);
}

}  // namespace
}  // namespace netstack::queues
