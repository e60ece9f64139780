#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "collectors/queues/queues_test_host.h"

namespace netstack::queues {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
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
    host_.Write("sys/class/net/eth0/queues/tx-" + std::to_string(i) + "/tx_timeout", "3\n");
  }
  const auto timeouts = [this](int sum) {
    EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
    EXPECT_THAT(Lines("timeouts"),
                ElementsAre("transmit_timeouts_total{device=\"eth0\",aggregate=\"sum\"} " +
                            std::to_string(sum)));
  };
  timeouts(66 + 11);
  timeouts(66 + 22);
  timeouts(66 + 33);
}

TEST_F(QueuesTest, ReadsSettingsAgainWhenTheyAreTooOld) {
  host_.SetOption("settings-max-age", "0");
  AddCard("eth0", 1);
  host_.Collect();
  host_.Write("sys/class/net/eth0/queues/rx-0/rps_cpus", "1\n");
  host_.Collect();
  EXPECT_THAT(Lines("rps_cpus"), ElementsAre("rps_cpus{device=\"eth0\",queue=\"0\"} 1"));
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
                          "bql_stall_max_seconds{device=\"eth0\",queue=\"1\"} 0.5"));
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

// The queues of a recorded host.
std::vector<std::string> RecordedLines(const std::string& host) {
  class NoNetlink : public NetlinkSource {
    Result<std::unique_ptr<NetlinkPort>> Open(int) override { return Error{}; }
  } netlink;
  const std::string root = std::string(NETSTACK_SOURCE_DIR) + "/collectors/queues/fixtures/" + host;
  const Kernel kernel = {
      .roots = {.procfs = root + "/proc", .sysfs = root + "/sys", .rootfs = root},
      .netlink = netlink};
  OptionValues options(kCollector.options);
  EXPECT_EQ(options.Set("tier", "extended"), "");
  const DevicePolicy policy;
  const auto collector = kCollector.create({kernel, options, policy});
  Samples samples(kCollector.families);
  const Outcome outcome = collector->Collect(samples);
  EXPECT_EQ(outcome.state, CollectorState::kOk) << (outcome.error ? outcome.error->Describe() : "");
  return Lines(samples);
}

TEST(RecordedQueues, HasTwoQueuesOnAVmxnet3OfLinux61) {
  std::vector<std::string> lines = RecordedLines("linux-6.1");
  std::erase_if(lines, [](const std::string& line) {
    return line.find("device=\"eth2\"") == std::string::npos;
  });
  std::vector<std::string> expected;
  for (const char* const queue : {"0", "1"}) {
    const std::string labels = std::string("{device=\"eth2\",queue=\"") + queue + "\"} ";
    expected.push_back("netstack_queue_bql_limit_min_bytes" + labels + "0");
    expected.push_back("netstack_queue_bql_limit_max_bytes" + labels + "1879048192");
    expected.push_back("netstack_queue_bql_hold_seconds" + labels + "1");
    expected.push_back("netstack_queue_transmit_timeouts_total" + labels + "0");
    expected.push_back("netstack_queue_xps_cpus" + labels + "0");
    expected.push_back("netstack_queue_rps_cpus" + labels + "0");
    expected.push_back("netstack_queue_rps_flows" + labels + "0");
  }
  for (const char* const line : {"netstack_queue_receive_queues{device=\"eth2\"} 2",
                                 "netstack_queue_transmit_queues{device=\"eth2\"} 2",
                                 "netstack_queue_threaded{device=\"eth2\"} 0",
                                 "netstack_queue_gro_flush_timeout_seconds{device=\"eth2\"} 0",
                                 "netstack_queue_napi_defer_hard_irqs{device=\"eth2\"} 0"}) {
    expected.push_back(line);
  }
  EXPECT_THAT(lines, testing::UnorderedElementsAreArray(expected));
}

TEST(RecordedQueues, HasQueuesOnEveryKernel) {
  for (const char* const host :
       {"linux-5.10", "linux-6.1", "linux-6.12", "linux-6.18", "linux-7.3"}) {
    SCOPED_TRACE(host);
    const std::vector<std::string> lines = RecordedLines(host);
    EXPECT_THAT(lines, IsSupersetOf({"netstack_queue_rps_cpus{device=\"eth0\",queue=\"0\"} 0",
                                     "netstack_queue_receive_queues{device=\"eth0\"} 1"}));
  }
}

}  // namespace
}  // namespace netstack::queues
