#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "collectors/fixture_host.h"

namespace netstack::nic {

extern const CollectorDeclaration kCollector;

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

class NicTest : public testing::Test {
 protected:
  void AddCard(const std::string& name, const std::string& driver, const std::string& statistics) {
    const std::string net = "sys/class/net/" + name + "/";
    host_.Write(net + "ifindex", "2\n");
    host_.Write("sys/" + name + "_parent/x", "");
    std::filesystem::create_symlink("../../../" + name + "_parent", host_.PathOf(net + "device"));
    std::filesystem::create_symlink("../bus/drivers/" + driver,
                                    host_.PathOf("sys/" + name + "_parent/driver"));
    SetStatistics(name, statistics);
  }
  void SetStatistics(const std::string& name, const std::string& statistics) {
    host_.Write("driver_statistics/" + name, statistics);
  }
  // The page's lines without "netstack_".
  std::vector<std::string> Page() {
    const Outcome outcome = host_.Collect();
    EXPECT_EQ(outcome.state, CollectorState::kOk)
        << (outcome.error ? outcome.error->Describe() : "");
    std::vector<std::string> lines;
    for (const std::string& line : host_.Lines()) lines.push_back(line.substr(9));
    return lines;
  }

  FixtureHost host_{kCollector};
};

// What a driver told, "vmxnet3-6.1".
std::string Fixture(const std::string& name) {
  std::ifstream file(std::string(NETSTACK_SOURCE_DIR) + "/collectors/nic/fixtures/" + name +
                     ".txt");
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(NicTest, FindsTheQueuesOfAVmxnet3InItsSections) {
  host_.SetOption("tier", "extended");
  AddCard("eth2", "vmxnet3", Fixture("vmxnet3-6.1"));
  const std::vector<std::string> page = Page();
  EXPECT_THAT(
      page,
      IsSupersetOf({"queue_packets_total{device=\"eth2\",direction=\"receive\",queue=\"0\"} 844",
                    "queue_packets_total{device=\"eth2\",direction=\"receive\",queue=\"1\"} 0",
                    "queue_ring_overruns_total{device=\"eth2\",queue=\"0\"} 0",
                    "queue_ring_overruns_total{device=\"eth2\",queue=\"1\"} 0",
                    "queue_events_total{device=\"eth2\",direction=\"transmit\",queue=\"1\","
                    "event=\"ring_full\"} 0"}));
}

TEST_F(NicTest, ShowsTheSameOfAVirtioCardUnderItsOldAndItsNewNames) {
  AddCard("eth0", "virtio_net", Fixture("virtio_net-6.1"));
  AddCard("eth1", "virtio_net", Fixture("virtio_net-7.3"));
  const std::vector<std::string> page = Page();
  EXPECT_THAT(
      page, IsSupersetOf({"queue_packets_total{device=\"eth0\",direction=\"receive\",queue=\"0\"} "
                          "3070",
                          "queue_bytes_total{device=\"eth0\",direction=\"transmit\",queue=\"0\"} "
                          "1069042",
                          "queue_drops_total{device=\"eth0\",direction=\"receive\",queue=\"0\","
                          "cause=\"dropped\"} 0",
                          "queue_drops_total{device=\"eth1\",direction=\"receive\",queue=\"0\","
                          "cause=\"dropped\"} 0"}));
}

TEST_F(NicTest, CountsAnOverrunOfTheRing) {
  const std::string before = "Rx Queue#: 0\n  pkts rx OOB: 5\nRx Queue#: 1\n  pkts rx OOB: 7\n";
  AddCard("eth0", "vmxnet3", before);
  EXPECT_THAT(Page(), ElementsAre("queue_ring_overruns_total{device=\"eth0\",queue=\"0\"} 5",
                                  "queue_ring_overruns_total{device=\"eth0\",queue=\"1\"} 7"));
  SetStatistics("eth0", "Rx Queue#: 0\n  pkts rx OOB: 6\nRx Queue#: 1\n  pkts rx OOB: 9\n");
  EXPECT_THAT(Page(), ElementsAre("queue_ring_overruns_total{device=\"eth0\",queue=\"0\"} 6",
                                  "queue_ring_overruns_total{device=\"eth0\",queue=\"1\"} 9"));
}

TEST_F(NicTest, AddsUpTheQueuesOfALargeCard) {
  std::string statistics;
  for (int i = 0; i < 17; ++i) {
    statistics += "rx_queue_" + std::to_string(i) + "_packets: 10\n";
  }
  AddCard("eth0", "ixgbe", statistics);
  EXPECT_THAT(Page(),
              ElementsAre("queue_packets_total{device=\"eth0\",direction=\"receive\"} 170",
                          "queue_most_packets_total{device=\"eth0\",direction=\"receive\"} 10",
                          "queue_least_packets_total{device=\"eth0\",direction=\"receive\"} 10"));
}

TEST_F(NicTest, ShowsEachQueueOfALargeCardOnRequest) {
  host_.SetOption("per-queue", "true");
  std::string statistics;
  for (int i = 0; i < 17; ++i) {
    statistics += "rx_queue_" + std::to_string(i) + "_packets: 10\n";
  }
  AddCard("eth0", "ixgbe", statistics);
  EXPECT_THAT(
      Page(),
      Contains("queue_packets_total{device=\"eth0\",direction=\"receive\",queue=\"16\"} 10"));
}

TEST_F(NicTest, ShowsTheTroubleOfADriverWithoutATableAsItComes) {
  AddCard("eth0", "newdriver",
          "rx_packets: 9\n  rx over\xffrun [0]: 3\nport0_drop: 18446744073709551615\n");
  EXPECT_THAT(Page(), ElementsAre("ethtool_stat{device=\"eth0\",stat=\"rx over\\xffrun [0]\"} 3",
                                  "ethtool_stat{device=\"eth0\",stat=\"port0_drop\"} "
                                  "18446744073709551615"));
}

TEST_F(NicTest, ShowsEightForEachQueueAndAtMost64) {
  std::string statistics;
  for (int i = 0; i < 10'000; ++i) statistics += "error_" + std::to_string(i) + ": 1\n";
  for (const auto& [name, queues] : {std::pair{"eth1", 1}, {"eth3", 3}, {"eth8", 8}}) {
    AddCard(name, "newdriver", statistics);
    const std::string folder = std::string("sys/class/net/") + name + "/queues/";
    for (int i = 0; i < queues; ++i) {
      host_.Write(folder + "rx-" + std::to_string(i) + "/rps_cpus", "0\n");
      host_.Write(folder + "tx-" + std::to_string(i) + "/xps_cpus", "0\n");
    }
  }
  EXPECT_EQ(Page().size(), 12u + 28u + 64u);
}

TEST_F(NicTest, AddsUpEventsAndLeavesOutThoseThatFollowOthers) {
  AddCard("eth0", "ena",
          "queue_0_tx_queue_stop: 1\nqueue_0_tx_queue_wakeup: 1\nqueue_0_tx_missed_tx: 2\n"
          "queue_1_tx_queue_stop: 3\nqueue_1_tx_queue_wakeup: 3\nqueue_1_tx_missed_tx: 5\n");
  const std::string head = "queue_events_total{device=\"eth0\",direction=\"transmit\",";
  EXPECT_THAT(Page(),
              ElementsAre(head + "event=\"stop\"} 4", head + "event=\"missed_completion\"} 7"));
  // The path families have the stops.
  EXPECT_THAT(host_.ShownLines(),
              ElementsAre("netstack_" + head + "event=\"missed_completion\"} 7"));
}

TEST_F(NicTest, KeepsStatisticsOfOneNameApart) {
  AddCard("eth0", "newdriver", "err: 1\nerr: 2\n  err: 3\n");
  EXPECT_THAT(Page(), ElementsAre("ethtool_stat{device=\"eth0\",stat=\"err\"} 1",
                                  "ethtool_stat{device=\"eth0\",stat=\"err #2\"} 2",
                                  "ethtool_stat{device=\"eth0\",stat=\"err #3\"} 3"));
}

TEST_F(NicTest, ShowsWhatAPersonAsksForAsItComesWhateverTheDriver) {
  host_.SetOption("raw-include", "rx.*|  pkts rx OOB|pkts rx OOB");
  host_.SetOption("raw-exclude", ".*secret.*");
  AddCard("eth0", "ixgbe", "rx_queue_0_packets: 5\nrx_secret: 1\nrx_good: 2\ntx_good: 3\n");
  AddCard("eth1", "newdriver", "rx_good: 4\nrx_secret_errors: 5\n");
  AddCard("eth2", "vmxnet3", "Rx Queue#: 0\n  pkts rx OOB: 6\nRx Queue#: 1\n  pkts rx OOB: 7\n");
  EXPECT_THAT(Page(),
              UnorderedElementsAre(
                  "queue_packets_total{device=\"eth0\",direction=\"receive\",queue=\"0\"} 5",
                  "queue_ring_overruns_total{device=\"eth2\",queue=\"0\"} 6",
                  "queue_ring_overruns_total{device=\"eth2\",queue=\"1\"} 7",
                  "ethtool_stat{device=\"eth0\",stat=\"rx_queue_0_packets\"} 5",
                  "ethtool_stat{device=\"eth0\",stat=\"rx_good\"} 2",
                  "ethtool_stat{device=\"eth1\",stat=\"rx_good\"} 4",
                  "ethtool_stat{device=\"eth2\",stat=\"rx 0: pkts rx OOB\"} 6",
                  "ethtool_stat{device=\"eth2\",stat=\"rx 1: pkts rx OOB\"} 7"));
}

TEST_F(NicTest, ShowsTenThousandStatisticsWhenAskedTo) {
  host_.SetOption("raw-include", ".*");
  std::string statistics;
  for (int i = 0; i < 10'000; ++i) statistics += "stat_" + std::to_string(i) + ": 1\n";
  AddCard("eth0", "newdriver", statistics);
  EXPECT_EQ(Page().size(), 10'000u);
}

TEST_F(NicTest, UnderstandsTheNamesAnewWhenTheyChange) {
  AddCard("eth0", "ixgbe", "rx_queue_0_packets: 1\nrx_queue_1_packets: 2\n");
  Page();
  SetStatistics("eth0", "fdir_match: 9\nrx_queue_0_packets: 3\n");
  EXPECT_THAT(Page(), ElementsAre("queue_packets_total{device=\"eth0\",direction=\"receive\","
                                  "queue=\"0\"} 3"));
}

TEST_F(NicTest, KeepsTheOtherCardsWhenOneIsSick) {
  AddCard("eth0", "ixgbe", "rx_queue_0_packets: many\n");
  AddCard("eth1", "ixgbe", "rx_queue_0_packets: 2\n");
  const Outcome outcome = host_.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->Describe(), host_.PathOf("driver_statistics/eth0") +
                                           " line 1: not a statistic: 'rx_queue_0_packets: many'");
  EXPECT_EQ(host_.Lines().size(), 1u);
}

TEST_F(NicTest, HasNothingToSayOfACardWithoutStatistics) {
  AddCard("eth0", "ixgbe", "");
  host_.Remove("driver_statistics/eth0");
  EXPECT_THAT(Page(), IsEmpty());
}

TEST_F(NicTest, ADeviceThatGoesBetweenTwoCallsCostsOnlyItself) {
  AddCard("eth0", "ixgbe", "rx_queue_0_packets: 1\n");
  AddCard("eth1", "ixgbe", "rx_queue_0_packets: 2\n");
  Page();
  host_.Remove("driver_statistics/eth0");
  EXPECT_THAT(Page(), ElementsAre("queue_packets_total{device=\"eth1\",direction=\"receive\","
                                  "queue=\"0\"} 2"));
}

TEST_F(NicTest, ShowsACardWhateverItsNameIs) {
  const std::string name = "e[0]{\xff}=\"x";
  AddCard(name, "ixgbe", "rx_queue_0_packets: 1\n");
  EXPECT_THAT(Page(), ElementsAre("queue_packets_total{device=\"e[0]{\\xff}=\"x\",direction="
                                  "\"receive\",queue=\"0\"} 1"));
}

TEST_F(NicTest, SurvivesStatisticsThatAreCutAnywhere) {
  const std::string whole = Fixture("vmxnet3-6.1");
  AddCard("eth2", "vmxnet3", whole);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    SetStatistics("eth2", whole.substr(0, size));
    const Outcome outcome = host_.Collect();
    // There is no other card: what is wrong with this one is wrong with all.
    EXPECT_TRUE(outcome.state == CollectorState::kOk || outcome.state == CollectorState::kFailed);
  }
}

}  // namespace
}  // namespace netstack::nic
