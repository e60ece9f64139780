#include "collectors/softnet/softirqs.h"

#include <gtest/gtest.h>

namespace netstack::softnet {
namespace {

constexpr std::string_view kTwoCpus =
    "                    CPU0       CPU1       \n"
    "          HI:          1          0\n"
    "      NET_TX:         34          5\n"
    "      NET_RX:       5821      60411\n"
    "         RCU:       9012       8031\n";

TEST(Softirqs, FindsTheNetworkRowsByName) {
  Softirqs softirqs;
  ASSERT_TRUE(ParseSoftirqs(kTwoCpus, softirqs));
  EXPECT_EQ(softirqs, (Softirqs{{{.cpu = 0, .net_tx = 34, .net_rx = 5821},
                                 {.cpu = 1, .net_tx = 5, .net_rx = 60411}}}));
}

TEST(Softirqs, TakesCpuNumbersFromTheHeader) {
  Softirqs softirqs;
  ASSERT_TRUE(ParseSoftirqs(" CPU0 CPU7\n NET_TX: 1 2\n NET_RX: 3 4\n", softirqs));
  EXPECT_EQ(softirqs.cpus[1], (Softirqs::PerCpu{.cpu = 7, .net_tx = 2, .net_rx = 4}));
}

TEST(Softirqs, NamesTheLineOfAMissingValue) {
  Softirqs softirqs;
  const Status parsed = ParseSoftirqs(" CPU0 CPU1\n NET_TX: 1\n NET_RX: 3 4\n", softirqs);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(), "/proc/softirqs line 2: fewer values than CPUs: 'NET_TX:'");
}

TEST(Softirqs, RefusesWhatIsNotTheFile) {
  Softirqs softirqs;
  EXPECT_FALSE(ParseSoftirqs("", softirqs));
  EXPECT_FALSE(ParseSoftirqs("\n", softirqs));
  EXPECT_FALSE(ParseSoftirqs("CPU0\n", softirqs));
  EXPECT_FALSE(ParseSoftirqs("CPU0\nNET_TX: 1\n", softirqs));
  EXPECT_FALSE(ParseSoftirqs("CPUx\nNET_TX: 1\nNET_RX: 1\n", softirqs));
  EXPECT_FALSE(ParseSoftirqs("CPU0\nNET_TX: -1\nNET_RX: 1\n", softirqs));
  EXPECT_FALSE(ParseSoftirqs("CPU0\nNET_TX: 1 2\nNET_RX: 1\n", softirqs));
  EXPECT_FALSE(ParseSoftirqs("CPU0\nNET_TX: 4294967296\nNET_RX: 1\n", softirqs));
}

TEST(Softirqs, SurvivesTruncationAtEveryByte) {
  for (std::size_t size = 0; size < kTwoCpus.size(); ++size) {
    Softirqs softirqs;
    if (ParseSoftirqs(kTwoCpus.substr(0, size), softirqs)) {
      EXPECT_EQ(softirqs.cpus.size(), 2u);
    }
  }
}

}  // namespace
}  // namespace netstack::softnet
