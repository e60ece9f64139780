// The bound of the contract: a default page has at most 900 series, 12 for each CPU, 60 for each
// device and 20 for each queue.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "collectors/catalog.h"
#include "kernel/text.h"
#include "tests/contract/made_host.h"
#include "tests/golden/catalog_run.h"
#include "tests/oracle/text_page.h"

namespace netstack {
namespace {

using testing::HasSubstr;

// Series whose line starts with `prefix`.
std::size_t SeriesOf(std::string_view page, std::string_view prefix = "") {
  std::size_t count = 0;
  std::string_view line;
  while (NextLine(page, line)) {
    if (!line.starts_with("#") && line.starts_with(prefix)) ++count;
  }
  return count;
}

std::size_t SeriesOfSoftnet(std::string_view page) {
  std::size_t count = 0;
  for (const CollectorDeclaration* collector : Catalog()) {
    if (collector->name != "softnet") continue;
    for (const Family& family : collector->families) {
      count += SeriesOf(page, std::string(family.name) + "{");
    }
  }
  return count;
}

std::string PageOf(const HostSize& size) {
  const MadeHost host(size);
  return CatalogRun(host.kernel(), {}).Round().text;
}

std::size_t Budget(const HostSize& size) {
  const auto number = [](int n) { return static_cast<std::size_t>(n); };
  return 900 + 12 * number(size.cpus) + 60 * number(size.devices) +
         20 * number(size.devices * size.queues);
}

// A test for each kind of card.
class CardSeries : public testing::TestWithParam<std::string_view> {
 protected:
  static HostSize Size(int cpus, int devices, int queues) {
    return {.cpus = cpus, .devices = devices, .queues = queues, .driver = GetParam()};
  }
  static std::string Page(int cpus, int devices, int queues) {
    return PageOf(Size(cpus, devices, queues));
  }
};

int Growth(std::string_view from, std::string_view to) {
  return static_cast<int>(SeriesOf(to)) - static_cast<int>(SeriesOf(from));
}

int ByCpu(std::string_view page) {
  return static_cast<int>(SeriesOf(page, "netstack_irq_cpu_interrupts_total{"));
}

// The families that grew, for a person who has to find room.
std::string Families(std::string_view from, std::string_view to) {
  std::map<std::string, int> growth;
  for (const auto& [page, sign] : {std::pair{from, -1}, std::pair{to, 1}}) {
    std::string_view rest = page;
    std::string_view line;
    while (NextLine(rest, line)) {
      if (!line.starts_with("#"))
        growth[std::string(line.substr(0, line.find_first_of("{ ")))] += sign;
    }
  }
  std::string text;
  for (const auto& [family, count] : growth) {
    if (count != 0) text += std::to_string(count) + " " + family + "\n";
  }
  return text;
}

TEST_P(CardSeries, AreWithinTheBudgetOfALargeHost) {
  const HostSize large = Size(256, 4, 128);
  const std::string page = PageOf(large);
  EXPECT_EQ(ParseTextPage(page).fault, "");
  EXPECT_LE(SeriesOf(page), Budget(large));
  EXPECT_EQ(SeriesOf(page, "netstack_softnet_processed_total{"), 256u);
  EXPECT_EQ(SeriesOf(page, "netstack_link_info{"), 4u);
  // Of so many queues only what they are together.
  EXPECT_EQ(SeriesOf(page, "netstack_queue_bql_limit_bytes{"), 4 * 3u);
  EXPECT_GT(
      SeriesOf(page, "netstack_queue_packets_total{") + SeriesOf(page, "netstack_ethtool_stat{"),
      0u);
  EXPECT_LE(SeriesOf(page, "netstack_queue_packets_total{"), 4 * 2u);
  EXPECT_LE(SeriesOf(page, "netstack_irq_interrupts_total{"), 4 * 2u);
}

// The room that one kind of thing leaves is not for another one: so the budget holds for any number
// of each. What a CPU has of a card is in the CPU's share. Up to four cards have errors by their
// kind as well, for which the first 900 and the loopback device, which every host has, leave room.
TEST_P(CardSeries, AreWithinTheShareOfEachPart) {
  constexpr int kMostWithKinds = 4;
  constexpr int kKinds = 14;
  constexpr int kLeftByLoopback = 60 - 25;
  const std::string bare = Page(1, 0, 0);
  EXPECT_LE(SeriesOf(bare), 900u + 12u + kLeftByLoopback - kMostWithKinds * kKinds);
  EXPECT_LE(Growth(bare, Page(101, 0, 0)), 100 * 12);
  // From 17 queues on only their sums are shown.
  for (const int queues : {1, 2, 15, 16, 17, 65, 128}) {
    const std::string page = Page(1, 1, queues);
    EXPECT_GT(Growth(bare, page), 0);
    EXPECT_LE(Growth(bare, page) - ByCpu(page), 60 + kKinds + 20 * (queues <= 16 ? queues : 5))
        << queues << " queues\n"
        << Families(bare, page);
  }
  const std::string ten = Page(1, 10, 1);
  EXPECT_LE(Growth(bare, ten) - ByCpu(ten), 10 * (60 + 20)) << Families(bare, ten);
  for (const int cards : {1, 4, 5, 10}) {
    EXPECT_LE(Growth(Page(1, cards, 1), Page(101, cards, 1)), 100 * 12) << cards;
  }
}

INSTANTIATE_TEST_SUITE_P(Drivers, CardSeries,
                         testing::Values("virtio_net", "ena", "igb", "unknown"),
                         [](const auto& test) { return std::string(test.param); });

// The value of a line of the page.
double ValueOf(std::string_view line) {
  return std::strtod(std::string(line.substr(line.rfind(' ') + 1)).c_str(), nullptr);
}

// The sum over devices of the queues that they have, of both directions the more.
std::size_t QueuesOf(std::string_view page) {
  std::map<std::string, double> most;
  std::string_view line;
  while (NextLine(page, line)) {
    for (const std::string_view family :
         {"netstack_queue_receive_queues", "netstack_queue_transmit_queues"}) {
      if (!line.starts_with(std::string(family) + "{")) continue;
      double& queues =
          most[std::string(line.substr(family.size(), line.find('}') - family.size()))];
      queues = std::max(queues, ValueOf(line));
    }
  }
  double sum = 0;
  for (const auto& [device, queues] : most) sum += queues;
  return static_cast<std::size_t>(sum);
}

// Up to three cards of different drivers.
TEST(SeriesBudget, HoldsForRecordedHosts) {
  for (const std::string host :
       {"linux-5.10", "linux-6.1", "linux-6.12", "linux-6.18", "linux-7.3"}) {
    SCOPED_TRACE(host);
    std::ifstream file(std::string(NETSTACK_SOURCE_DIR) + "/tests/golden/" + host + ".txt");
    const std::string page((std::istreambuf_iterator<char>(file)), {});
    const std::size_t cpus = SeriesOf(page, "netstack_softnet_processed_total{");
    const std::size_t devices = SeriesOf(page, "netstack_link_info{");
    const std::size_t queues = QueuesOf(page);
    ASSERT_GT(std::min({cpus, devices, queues}), 0u);
    EXPECT_LE(SeriesOf(page), 900 + 12 * cpus + 60 * devices + 20 * queues);
  }
}

TEST(SeriesBudget, TextGrowsWithTheHostAndNoFaster) {
  const auto bytes = [](int cpus) { return static_cast<double>(PageOf({.cpus = cpus}).size()); };
  // Numbers of CPUs that all have three digits.
  const double step = bytes(400) - bytes(200);
  EXPECT_GT(step, 0);
  EXPECT_NEAR(bytes(800) - bytes(400), 2 * step, 0.01 * step);
}

TEST(SeriesBudget, AllowsForFourThousandCpus) {
  const MadeHost host({.cpus = 4096, .devices = 1});
  CatalogRun run(host.kernel(), {.max_series = 100'000});
  const std::string page = run.Round().text;
  EXPECT_EQ(SeriesOf(page, "netstack_softnet_dropped_total{"), 4096u);
  EXPECT_THAT(page, HasSubstr("\nnetstack_softnet_dropped_total{cpu=\"4095\"} 9999999\n"));
  EXPECT_THAT(page,
              HasSubstr("netstack_scrape_series_suppressed_total{collector=\"softnet\"} 0\n"));
}

TEST(SeriesBudget, CutsACollectorAtItsMaximumAndCountsWhatItCut) {
  const MadeHost host({.cpus = 200, .devices = 1});
  const std::size_t whole = SeriesOfSoftnet(CatalogRun(host.kernel(), {}).Round().text);
  ASSERT_GT(whole, 500u);
  CatalogRun run(host.kernel(), {.max_series = 500});
  for (std::size_t round = 1; round <= 2; ++round) {
    const std::string page = run.Round().text;
    EXPECT_EQ(SeriesOfSoftnet(page), 500u);
    EXPECT_THAT(page, HasSubstr("netstack_scrape_series_suppressed_total{collector=\"softnet\"} " +
                                std::to_string(round * (whole - 500)) + "\n"));
    EXPECT_EQ(ParseTextPage(page).fault, "");
  }
}

}  // namespace
}  // namespace netstack
