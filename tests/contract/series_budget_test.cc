// The bound of the contract: a default page has at most 900 series, 12 for each CPU, 60 for each
// device and 20 for each queue.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

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

TEST(SeriesBudget, HoldsForALargeHost) {
  const HostSize large = {.cpus = 256, .devices = 4, .queues = 128};
  const std::string page = PageOf(large);
  EXPECT_EQ(ParseTextPage(page).fault, "");
  EXPECT_LE(SeriesOf(page), Budget(large));
  EXPECT_EQ(SeriesOf(page, "netstack_softnet_processed_total{"), 256u);
  EXPECT_EQ(SeriesOf(page, "netstack_link_info{"), 4u);
}

// The room that one kind of thing leaves is not for another one.
TEST(SeriesBudget, HoldsForEachPart) {
  const std::size_t base = SeriesOf(PageOf({.cpus = 1, .devices = 0}));
  EXPECT_LE(base, 900u + 12u);
  const std::size_t cpus = SeriesOf(PageOf({.cpus = 101, .devices = 0}));
  EXPECT_LE(cpus - base, 100u * 12u);
  const std::size_t one = SeriesOf(PageOf({.cpus = 1, .devices = 1, .queues = 1}));
  const std::size_t ten = SeriesOf(PageOf({.cpus = 1, .devices = 10, .queues = 1}));
  EXPECT_GT(one, base);
  EXPECT_LE(ten - one, 9u * (60u + 20u));
  const std::size_t queues = SeriesOf(PageOf({.cpus = 1, .devices = 1, .queues = 65}));
  EXPECT_LE(queues - one, 64u * 20u);
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
