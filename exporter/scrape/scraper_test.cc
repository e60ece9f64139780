#include "exporter/scrape/scraper.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <future>
#include <set>
#include <stdexcept>
#include <string>

#include "exporter/scrape/scrape_samples.h"
#include "exporter/scrape/scraper_test_host.h"

namespace netstack {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

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
