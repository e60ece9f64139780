#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "collectors/fallback.h"
#include "exporter/scrape/scraper_test_host.h"

namespace netstack {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class FallbackCollector : public FakeCollector, public Fallback {
 public:
  using FakeCollector::FakeCollector;
  bool CollectFallback(Samples& out) override {
    out.Add(kTable[0], {}, std::uint64_t{2});
    out.Add(kTable[0], {}, std::uint64_t{3});
    return true;
  }
};

// A call that hangs until it is let go.
class Hang {
 public:
  Outcome operator()(Samples& out) {
    ++calls;
    gate_.wait();
    return AddOne(out);
  }
  void LetGo() { promise_.set_value(); }
  std::atomic<int> calls = 0;

 private:
  std::promise<void> promise_;
  std::shared_future<void> gate_ = promise_.get_future().share();
};

TEST(Scraper, GoesOnWithoutAHungCollectorOfTheCommonThread) {
  Hang hang;
  Scraper scraper(Collectors({{&kFirst, AddOne}, {&kSecond, std::ref(hang)}, {&kThird, AddOne}}),
                  {.collector_timeout = milliseconds(20)});
  const Reports expected = {{"first", "ok:1"}, {"second", "timeout"}, {"third", "ok:1"}};
  EXPECT_EQ(RunRound(scraper), expected);
  EXPECT_EQ(RunRound(scraper), expected) << "the second round must not wait for it or call it";
  EXPECT_EQ(hang.calls, 1);
  hang.LetGo();
  const auto give_up = Scraper::Clock::now() + seconds(20);
  while (RunRound(scraper)["second"] != "ok:1" && Scraper::Clock::now() < give_up) {
  }
  EXPECT_EQ(RunRound(scraper)["second"], "ok:1");
}

TEST(Scraper, LeavesABlockedLaneBehindAtItsLimit) {
  Hang hang;
  Scraper scraper(Collectors({{&kLane, std::ref(hang)}, {&kFirst, AddOne}}),
                  {.blocking_timeout = milliseconds(20)});
  EXPECT_EQ(RunRound(scraper), (Reports{{"lane", "timeout"}, {"first", "ok:1"}}));
  hang.LetGo();
}

TEST(Scraper, LetsTheOthersOvertakeASlowCollectorAndWaitsForIt) {
  std::promise<void> overtaken;
  std::future<void> was_overtaken = overtaken.get_future();
  Scraper scraper(Collectors({{&kFirst,
                               [&](Samples& out) {
                                 was_overtaken.wait();
                                 return AddOne(out);
                               }},
                              {&kSecond,
                               [&](Samples& out) {
                                 overtaken.set_value();
                                 return AddOne(out);
                               }}}),
                  {.collector_timeout = seconds(20)});
  EXPECT_EQ(RunRound(scraper), (Reports{{"first", "ok:1"}, {"second", "ok:1"}}));
}

TEST(Scraper, StartsEveryCollectorThoughOthersHang) {
  Hang hang, second_hang;
  Scraper scraper(
      Collectors(
          {{&kLane, std::ref(hang)}, {&kSecondLane, std::ref(second_hang)}, {&kFirst, AddOne}}),
      {.blocking_timeout = seconds(60), .patience = milliseconds(1)});
  EXPECT_EQ(RunRound(scraper, {}, milliseconds(1500)),
            (Reports{{"lane", "timeout"}, {"second_lane", "timeout"}, {"first", "ok:1"}}));
  EXPECT_EQ(hang.calls, 1);
  EXPECT_EQ(second_hang.calls, 1);
  hang.LetGo();
  second_hang.LetGo();
}

TEST(Scraper, SaysWhereALateCollectorWaits) {
  Hang hang;
  Scraper scraper(Collectors({{&kLane, std::ref(hang)}}), {.blocking_timeout = milliseconds(10)});
  std::string detail;
  const auto give_up = Scraper::Clock::now() + seconds(20);
  while (!detail.ends_with(" s, its thread is in futex") && Scraper::Clock::now() < give_up) {
    scraper.Round({}, Scraper::Clock::now() + seconds(20),
                  [&](std::span<const CollectorReport> reports) {
                    ASSERT_NE(reports[0].error, nullptr);
                    EXPECT_EQ(reports[0].error->kind, ErrorKind::kTimeout);
                    detail = reports[0].error->Describe();
                  });
  }
  EXPECT_TRUE(detail.starts_with("lane: no answer for 0.")) << detail;
  EXPECT_TRUE(detail.ends_with(" s, its thread is in futex")) << detail;
  hang.LetGo();
}

TEST(Scraper, ShowsTheFallbackOfABlockedCollectorAndSaysThatItTimedOut) {
  Hang hang;
  std::atomic<bool> is_blocked = false;
  std::vector<ScrapedCollector> collectors;
  collectors.push_back({&kLane, std::make_unique<FallbackCollector>([&](Samples& out) {
                          return is_blocked ? hang(out) : AddOne(out);
                        })});
  Scraper scraper(std::move(collectors), {.blocking_timeout = milliseconds(50)});
  EXPECT_EQ(RunRound(scraper), (Reports{{"lane", "ok:1"}}));
  is_blocked = true;
  EXPECT_EQ(RunRound(scraper), (Reports{{"lane", "timeout:2"}}));
  EXPECT_EQ(RunRound(scraper), (Reports{{"lane", "timeout:2"}})) << "still in the same call";
  is_blocked = false;
  hang.LetGo();
  EXPECT_TRUE(scraper.Stop(seconds(20)));
}

TEST(Scraper, NeverSellsALateResultAsTheNextRounds) {
  Hang hang;
  Scraper scraper(Collectors({{&kLane, std::ref(hang)}, {&kFirst, AddOne}}),
                  {.blocking_timeout = milliseconds(20)});
  EXPECT_EQ(RunRound(scraper)["lane"], "timeout");
  hang.LetGo();
  // Whenever it comes back: what a round shows was read in that round, so calls and ok rounds
  // match.
  int ok = 0;
  for (int i = 0; i < 50; ++i) ok += RunRound(scraper)["lane"] == "ok:1";
  EXPECT_EQ(hang.calls, 1 + ok);
}

TEST(Scraper, StopSaysWhetherAThreadIsStuck) {
  auto hang = std::make_shared<Hang>();
  Scraper scraper(Collectors({{&kFirst, [hang](Samples& out) { return (*hang)(out); }}}),
                  {.collector_timeout = milliseconds(10)});
  EXPECT_EQ(RunRound(scraper)["first"], "timeout");
  EXPECT_FALSE(scraper.Stop(milliseconds(10)));
  hang->LetGo();
  EXPECT_TRUE(scraper.Stop(seconds(20)));
}

}  // namespace
}  // namespace netstack
