#include "exporter/page/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <future>
#include <thread>

namespace netstack {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

constexpr auto kTable =
    std::to_array<Family>({{.name = "netstack_test_rounds", .help = "Rounds."}});
constexpr CollectorDeclaration kDeclared = {.name = "test", .families = kTable};
constexpr CollectorDeclaration kOther = {.name = "other"};

// Counts the rounds; each waits for the gate, if there is one.
class Counter : public Collector {
 public:
  Counter(std::atomic<int>& rounds, std::shared_future<void> gate)
      : rounds_(rounds), gate_(std::move(gate)) {}
  Outcome Collect(Samples& out) override {
    const int round = ++rounds_;
    if (gate_.valid()) gate_.wait();
    out.Add(kTable[0], {}, static_cast<std::uint64_t>(round));
    return {};
  }

 private:
  std::atomic<int>& rounds_;
  std::shared_future<void> gate_;
};

class Nothing : public Collector {
 public:
  Outcome Collect(Samples&) override { return {}; }
};

class PagesTest : public testing::Test {
 protected:
  std::unique_ptr<Composer> MakeComposer(std::shared_future<void> gate = {}) {
    std::vector<ScrapedCollector> collectors;
    collectors.push_back({&kDeclared, std::make_unique<Counter>(rounds_, std::move(gate))});
    collectors.push_back({&kOther, std::make_unique<Nothing>()});
    return std::make_unique<Composer>(
        std::make_unique<Scraper>(std::move(collectors),
                                  ScraperOptions{.collector_timeout = seconds(60)}),
        std::vector<const CollectorDeclaration*>{&kDeclared, &kOther},
        [](PageFormat, std::string& out) { out += "self 1\n"; }, nullptr);
  }
  static Scraper::Clock::time_point Soon() { return Scraper::Clock::now() + seconds(30); }
  std::atomic<int> rounds_ = 0;
};

TEST_F(PagesTest, MakesARoundForEachPageAskedForInTurn) {
  const auto composer = MakeComposer();
  Pages pages(*composer);
  EXPECT_THAT(*pages.Whole({}, Soon()), HasSubstr("netstack_test_rounds 1\n"));
  EXPECT_THAT(*pages.Whole({}, Soon()), HasSubstr("netstack_test_rounds 2\n"));
}

TEST_F(PagesTest, EndsOpenMetricsAndCompresses) {
  const auto composer = MakeComposer();
  Pages pages(*composer);
  EXPECT_TRUE(pages.Whole({.format = PageFormat::kOpenMetrics}, Soon())->ends_with("# EOF\n"));
  EXPECT_TRUE(pages.Whole({.gzip = true}, Soon())->starts_with("\x1f\x8b"));
}

TEST_F(PagesTest, GivesABodyThatLaterPagesLeaveAlone) {
  const auto composer = MakeComposer();
  Pages pages(*composer);
  const Pages::Body first = pages.Whole({}, Soon());
  const std::string copy = *first;
  for (int i = 0; i < 5; ++i) pages.Whole({}, Soon());
  EXPECT_EQ(*first, copy);
}

TEST_F(PagesTest, SharesARoundAmongThoseWhoAskWhileAnotherRuns) {
  std::promise<void> gate;
  const auto composer = MakeComposer(gate.get_future().share());
  Pages pages(*composer);
  std::vector<std::thread> scrapers;
  scrapers.emplace_back([&] { EXPECT_NE(pages.Whole({}, Soon()), nullptr); });
  while (rounds_ == 0) std::this_thread::yield();
  std::atomic<int> asked = 0;
  for (int i = 0; i < 8; ++i) {
    scrapers.emplace_back([&] {
      ++asked;
      const Pages::Body body = pages.Whole({}, Soon());
      ASSERT_NE(body, nullptr);
      EXPECT_THAT(*body, Not(HasSubstr("netstack_test_rounds 1\n")))
          << "a page begun before it was asked for";
    });
  }
  while (asked < 8) std::this_thread::yield();
  gate.set_value();
  for (std::thread& scraper : scrapers) scraper.join();
  EXPECT_LE(rounds_, 10);
  EXPECT_GE(rounds_, 2);
}

TEST_F(PagesTest, GivesNothingWhenTheDeadlineComesFirst) {
  std::promise<void> gate;
  const auto composer = MakeComposer(gate.get_future().share());
  Pages pages(*composer);
  std::thread leader([&] { pages.Whole({}, Soon()); });
  while (rounds_ == 0) std::this_thread::yield();
  EXPECT_EQ(pages.Whole({}, Scraper::Clock::now()), nullptr);
  gate.set_value();
  leader.join();
}

TEST_F(PagesTest, ShowsPartsWithoutOtherCollectors) {
  const auto composer = MakeComposer();
  Pages pages(*composer);
  const Selection only_test = {.shown = {1, 0}, .path = false};
  const std::string part = *pages.Part(only_test, {}, Soon());
  EXPECT_THAT(part, HasSubstr("netstack_test_rounds 1\n"));
  EXPECT_THAT(part, Not(HasSubstr("netstack_path_")));
  EXPECT_THAT(part, HasSubstr("self 1")) << "as node_exporter's";
  EXPECT_THAT(part, HasSubstr("netstack_scrape_collector_success{collector=\"test\"} 1\n"));
  EXPECT_THAT(part, Not(HasSubstr("collector=\"other\"")));
  const Selection only_path = {.shown = {0, 0}, .path = true};
  const std::string path = *pages.Part(only_path, {}, Soon());
  EXPECT_THAT(path, HasSubstr("netstack_path_blind"));
  EXPECT_THAT(path, Not(HasSubstr("netstack_test_rounds")));
  EXPECT_EQ(rounds_, 2) << "the path needs every collector";
}

}  // namespace
}  // namespace netstack
