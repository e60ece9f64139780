#include "exporter/scrape/scraper.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "collectors/fallback.h"
#include "exporter/scrape/scrape_samples.h"

namespace netstack {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kTable = std::to_array<Family>({{.name = "netstack_test", .help = "Test."}});

class FakeCollector : public Collector {
 public:
  explicit FakeCollector(std::function<Outcome(Samples&)> body) : body_(std::move(body)) {}
  Outcome Collect(Samples& out) override { return body_(out); }

 private:
  std::function<Outcome(Samples&)> body_;
};

class FallbackCollector : public FakeCollector, public Fallback {
 public:
  using FakeCollector::FakeCollector;
  bool CollectFallback(Samples& out) override {
    out.Add(kTable[0], {}, std::uint64_t{2});
    out.Add(kTable[0], {}, std::uint64_t{3});
    return true;
  }
};

constexpr CollectorDeclaration Declared(std::string_view name, bool may_block = false) {
  return {.name = name, .may_block = may_block, .families = kTable};
}
constexpr CollectorDeclaration kFirst = Declared("first");
constexpr CollectorDeclaration kSecond = Declared("second");
constexpr CollectorDeclaration kThird = Declared("third");
constexpr CollectorDeclaration kLane = Declared("lane", true);
constexpr CollectorDeclaration kSecondLane = Declared("second_lane", true);

Outcome AddOne(Samples& out) {
  out.Add(kTable[0], {}, std::uint64_t{1});
  return {};
}

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

std::vector<ScrapedCollector> Collectors(
    std::vector<std::pair<const CollectorDeclaration*, std::function<Outcome(Samples&)>>> bodies) {
  std::vector<ScrapedCollector> out;
  for (auto& [declaration, body] : bodies) {
    out.push_back({declaration, std::make_unique<FakeCollector>(std::move(body))});
  }
  return out;
}

// Name to "state:number of samples", "-" when not asked.
std::map<std::string, std::string> RunRound(Scraper& scraper, std::vector<char> wanted = {},
                                            milliseconds patience = seconds(20)) {
  std::map<std::string, std::string> out;
  const std::unique_ptr<bool[]> flags(new bool[wanted.size()]);
  std::copy(wanted.begin(), wanted.end(), flags.get());
  scraper.Round({flags.get(), wanted.size()}, Scraper::Clock::now() + patience,
                [&](std::span<const CollectorReport> reports) {
                  for (const CollectorReport& report : reports) {
                    std::string& text = out[std::string(report.declaration->name)];
                    text = !report.asked ? "-" : std::string(Slug(report.state));
                    if (report.samples) text += ":" + std::to_string(report.samples->size());
                  }
                });
  return out;
}

using Reports = std::map<std::string, std::string>;

TEST(Scraper, RunsEveryCollectorOncePerRound) {
  Scraper scraper(Collectors({{&kFirst, AddOne}, {&kLane, AddOne}, {&kSecond, AddOne}}), {});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(RunRound(scraper),
              (Reports{{"first", "ok:1"}, {"lane", "ok:1"}, {"second", "ok:1"}}));
  }
}

TEST(Scraper, RunsOnlyWhatIsWanted) {
  int second_calls = 0;
  Scraper scraper(Collectors({{&kFirst, AddOne},
                              {&kSecond,
                               [&](Samples&) -> Outcome {
                                 ++second_calls;
                                 return {};
                               }}}),
                  {});
  EXPECT_EQ(RunRound(scraper, {1, 0}), (Reports{{"first", "ok:1"}, {"second", "-"}}));
  EXPECT_EQ(second_calls, 0);
}

TEST(Scraper, ThrowsAwayTheSamplesOfAFailureAndKeepsThoseOfOthers) {
  const auto fail_with = [](CollectorState state) {
    return [state](Samples& out) {
      AddOne(out);
      return Outcome{.state = state, .error = Error{.what = "why"}};
    };
  };
  Scraper scraper(Collectors({{&kFirst, fail_with(CollectorState::kFailed)},
                              {&kSecond, fail_with(CollectorState::kPartial)},
                              {&kThird, fail_with(CollectorState::kNoPermission)},
                              {&kLane, fail_with(CollectorState::kStale)}}),
                  {});
  EXPECT_EQ(RunRound(scraper), (Reports{{"first", "failed"},
                                        {"second", "partial:1"},
                                        {"third", "no_permission"},
                                        {"lane", "stale:1"}}));
}

TEST(Scraper, TurnsAnExceptionIntoAFailureOfThatCollectorOnly) {
  Scraper scraper(Collectors({{&kFirst,
                               [](Samples& out) -> Outcome {
                                 AddOne(out);
                                 throw std::runtime_error("boom");
                               }},
                              {&kSecond, [](Samples&) -> Outcome { throw 7; }},
                              {&kThird, AddOne}}),
                  {});
  EXPECT_EQ(RunRound(scraper),
            (Reports{{"first", "failed"}, {"second", "failed"}, {"third", "ok:1"}}));
}

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

TEST(Scraper, NeedsOneThreadForCollectorsThatAreQuick) {
  std::set<pid_t> threads;
  const auto note_thread = [&](Samples& out) {
    threads.insert(gettid());
    return AddOne(out);
  };
  Scraper scraper(
      Collectors({{&kLane, note_thread}, {&kFirst, note_thread}, {&kSecond, note_thread}}),
      {.patience = seconds(20)});
  RunRound(scraper, {}, std::chrono::minutes(60));
  RunRound(scraper, {}, std::chrono::minutes(60));
  EXPECT_EQ(threads.size(), 1u);
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

TEST(ScrapeSamples, CountsSuppressedSeriesOverRounds) {
  Samples full(kTable, 0);
  AddOne(full);
  const std::array<CollectorReport, 1> reports = {
      CollectorReport{.declaration = &kFirst, .asked = true, .samples = &full}};
  ScrapeSamples scrape;
  scrape.Update(reports);
  scrape.Update(reports);
  scrape.samples().ForEach(3, [](const Samples::View& view) {
    EXPECT_EQ(view.Label(0), "first");
    EXPECT_EQ(view.value().integer, 2u);
  });
  EXPECT_TRUE(scrape.samples().Has(3));
}

TEST(Scraper, TakesNoSignalsInItsThreads) {
  std::promise<bool> blocked;
  std::vector<ScrapedCollector> collectors;
  collectors.push_back(
      {.declaration = &kFirst, .collector = std::make_unique<FakeCollector>([&](Samples& out) {
                                 sigset_t mask;
                                 pthread_sigmask(SIG_BLOCK, nullptr, &mask);
                                 blocked.set_value(sigismember(&mask, SIGTERM) == 1);
                                 return AddOne(out);
                               })});
  Scraper scraper(std::move(collectors), {});
  scraper.Round({}, Scraper::Clock::now() + seconds(30), [](auto) {});
  EXPECT_TRUE(blocked.get_future().get());
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGTERM), 0);
}

}  // namespace
}  // namespace netstack
