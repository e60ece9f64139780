#include "collectors/nic/queue_stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "collectors/fixture_host.h"
#include "collectors/netdev_test_source.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::nic {

extern const CollectorDeclaration kCollector;

namespace {

using namespace nlabi;  // NOLINT: its names are all that this file is about
using testing::ElementsAre;
using testing::IsEmpty;

// A host with the card eth0, of which the family netdev knows.
class QueueStatsTest : public testing::Test {
 protected:
  QueueStatsTest() {
    host_.UseNetlink(kernel_);
    host_.SetOption("tier", "extended");
  }

  void AddCard(const std::string& driver, const std::string& statistics) {
    host_.Write("sys/class/net/eth0/ifindex", "2\n");
    host_.Write("sys/parent/x", "");
    std::filesystem::create_symlink("../../../parent", host_.PathOf("sys/class/net/eth0/device"));
    std::filesystem::create_symlink("../drivers/" + driver, host_.PathOf("sys/parent/driver"));
    if (!statistics.empty()) host_.Write("driver_statistics/eth0", statistics);
  }
  void AddQueue(std::uint64_t type, std::uint64_t queue, MadeNetdev::Numbers numbers,
                std::uint64_t device = 2) {
    numbers.insert(numbers.begin(), {{kNetdevAQstatsIfindex, device},
                                     {kNetdevAQstatsQueueType, type},
                                     {kNetdevAQstatsQueueId, queue}});
    kernel_.Add(kNetdevCmdQstatsGet, numbers);
  }
  // The page's lines without "netstack_queue_".
  std::vector<std::string> Page() {
    const Outcome outcome = host_.Collect();
    EXPECT_EQ(outcome.state, CollectorState::kOk)
        << (outcome.error ? outcome.error->Describe() : "");
    std::vector<std::string> lines;
    for (const std::string& line : host_.Lines()) lines.push_back(line.substr(15));
    return lines;
  }

  MadeNetdev kernel_;
  FixtureHost host_{kCollector};
};

TEST_F(QueueStatsTest, AreTakenBeforeTheDriversOwn) {
  AddCard("bnxt_en", "[0]: rx_ucast_packets: 90\n[0]: rx_ucast_bytes: 9000\n[0]: rx_discards: 4\n");
  AddQueue(0, 0, {{kNetdevAQstatsRxPackets, 100}, {kNetdevAQstatsRxAllocFail, 7}});
  // What the first source lacks comes from the second, and nothing comes twice.
  EXPECT_THAT(
      Page(),
      ElementsAre(
          "packets_total{device=\"eth0\",direction=\"receive\",queue=\"0\"} 100",
          "bytes_total{device=\"eth0\",direction=\"receive\",queue=\"0\"} 9000",
          "drops_total{device=\"eth0\",direction=\"receive\",queue=\"0\",cause=\"no_buffer\"} 4",
          "events_total{device=\"eth0\",direction=\"receive\",queue=\"0\",event=\"alloc_failed\"} "
          "7"));
}

TEST_F(QueueStatsTest, AreShownOfACardWhoseDriverHasNoneOfItsOwn) {
  AddCard("fbnic", "");
  AddQueue(0, 3,
           {{kNetdevAQstatsRxPackets, 5'000'000'000},
            {kNetdevAQstatsRxHwDrops, 9},
            {kNetdevAQstatsRxHwDropOverruns, 6},
            {kNetdevAQstatsRxCsumNone, 1},
            {kNetdevAQstatsRxHwGroWireBytes, 2}});
  AddQueue(1, 3, {{kNetdevAQstatsTxStop, 8}, {kNetdevAQstatsTxNeedsCsum, 3}});
  AddQueue(0, 0, {{kNetdevAQstatsRxPackets, 1}}, 77);  // No card.
  const std::string queue = "queue=\"3\"";
  EXPECT_THAT(Page(), ElementsAre("packets_total{device=\"eth0\",direction=\"receive\"," + queue +
                                      "} 5000000000",
                                  "drops_total{device=\"eth0\",direction=\"receive\"," + queue +
                                      ",cause=\"device_dropped\"} 9",
                                  "events_total{device=\"eth0\",direction=\"receive\"," + queue +
                                      ",event=\"device_overrun\"} 6",
                                  "events_total{device=\"eth0\",direction=\"transmit\"," + queue +
                                      ",event=\"stop\"} 8",
                                  "offload_packets_total{device=\"eth0\",direction=\"receive\"," +
                                      queue + ",kind=\"checksum_none\"} 1",
                                  "offload_packets_total{device=\"eth0\",direction=\"transmit\"," +
                                      queue + ",kind=\"needs_checksum\"} 3",
                                  "offload_bytes_total{device=\"eth0\",direction=\"receive\"," +
                                      queue + ",kind=\"hw_gro_wire\"} 2"));
}

// virtio_net leaves rx_missed_errors empty, so that the ledger has this one.
TEST_F(QueueStatsTest, OverrunsOfAVirtioCardAreRingOverruns) {
  AddCard("virtio_net", "rx0_hw_drop_overruns: 5\n");
  AddQueue(0, 0, {{kNetdevAQstatsRxHwDropOverruns, 6}});
  EXPECT_THAT(Page(), ElementsAre("ring_overruns_total{device=\"eth0\",queue=\"0\"} 6"));
}

TEST_F(QueueStatsTest, OfManyQueuesAreShownAsSumMostAndLeast) {
  AddCard("mlx5_core", "");
  for (std::uint64_t i = 0; i < 128; ++i) {
    AddQueue(0, i, {{kNetdevAQstatsRxPackets, 100 + i}, {kNetdevAQstatsRxHwDrops, i}});
  }
  EXPECT_THAT(
      Page(),
      ElementsAre("packets_total{device=\"eth0\",direction=\"receive\"} 20928",
                  "drops_total{device=\"eth0\",direction=\"receive\",cause=\"device_dropped\"} "
                  "8128",
                  "most_packets_total{device=\"eth0\",direction=\"receive\"} 227",
                  "least_packets_total{device=\"eth0\",direction=\"receive\"} 100",
                  "most_drops_total{device=\"eth0\",direction=\"receive\",cause=\"device_dropped\"}"
                  " 127"));
}

TEST_F(QueueStatsTest, AreUnderstoodAnewWhenTheQueuesChange) {
  AddCard("mlx5_core", "");
  AddQueue(0, 0, {{kNetdevAQstatsRxPackets, 1}});
  Page();
  kernel_.answers.clear();
  AddQueue(0, 1, {{kNetdevAQstatsRxPackets, 2}});
  EXPECT_THAT(Page(),
              ElementsAre("packets_total{device=\"eth0\",direction=\"receive\",queue=\"1\"} 2"));
}

// The driver's own numbers would be others: a jump that nothing happened at.
TEST_F(QueueStatsTest, ThatFailAreNotReplacedByTheDriversOwn) {
  AddCard("bnxt_en", "[0]: rx_ucast_packets: 90\n");
  kernel_.failure = Error{.kind = ErrorKind::kTimeout, .path = "netlink", .what = "no answer"};
  EXPECT_EQ(host_.Collect().state, CollectorState::kTimeout);
}

TEST_F(QueueStatsTest, OfAKernelWithoutThemAreNoError) {
  AddCard("bnxt_en", "[0]: rx_ucast_packets: 90\n");
  EXPECT_THAT(Page(),
              ElementsAre("packets_total{device=\"eth0\",direction=\"receive\",queue=\"0\"} 90"));
  kernel_.has_family = false;
  EXPECT_EQ(Page().size(), 1u);
}

}  // namespace
}  // namespace netstack::nic
