// Rounds and collectors that are long by nature.
#include "collectors/last_result.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <thread>

#include "exporter/scrape/scraper.h"

namespace netstack {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Reports = std::map<std::string, std::string>;

constexpr auto kTable = std::to_array<Family>({{.name = "netstack_test", .help = "Test."}});
constexpr CollectorDeclaration kWalkDeclared = {
    .name = "walk", .may_block = true, .families = kTable};
constexpr CollectorDeclaration kOther = {.name = "other", .families = kTable};
constexpr CollectorDeclaration kBlocking = {
    .name = "blocking", .may_block = true, .families = kTable};

void AddMany(int count, Samples& out) {
  for (int i = 0; i < count; ++i) out.Add(kTable[0], {}, static_cast<std::uint64_t>(i));
}

// What a test sees and does of a walk.
struct WalkControl {
  std::atomic<int> calls = 0;
  std::atomic<bool> hangs = false;  // The next calls wait for `go_on`.
  std::promise<void> go_on;
  std::shared_future<void> may_go_on = go_on.get_future().share();
  std::chrono::nanoseconds patience = milliseconds(1);
  bool keeps_samples = false;
  std::vector<std::string> order;  // Of all calls that do not hang.
};

// A call adds one sample, the last result is three, or the sample that is kept.
class FakeWalk : public Collector, public LastResult {
 public:
  explicit FakeWalk(WalkControl& control) : control_(control) {}

  Outcome Collect(Samples& out) override {
    ++control_.calls;
    if (control_.hangs) {
      control_.may_go_on.wait();
    } else {
      control_.order.push_back("walk");
    }
    AddMany(1, out);
    has_result_ = true;
    return {};
  }
  std::optional<std::chrono::nanoseconds> Patience() override {
    if (!has_result_) return std::nullopt;
    return control_.patience;
  }
  bool KeepsSamples() const override { return control_.keeps_samples; }
  Outcome CollectLast(Samples& out) override {
    if (!has_result_) return {.state = CollectorState::kTimeout, .error = Error{.what = "none"}};
    if (!control_.keeps_samples) AddMany(3, out);
    return {};
  }
  void GiveUp() override {
    if (control_.hangs.exchange(false)) control_.go_on.set_value();
  }

 private:
  WalkControl& control_;
  std::atomic<bool> has_result_ = false;
};

class FunctionCollector : public Collector {
 public:
  explicit FunctionCollector(std::function<void()> body) : body_(std::move(body)) {}
  Outcome Collect(Samples& out) override {
    body_();
    AddMany(1, out);
    return {};
  }

 private:
  std::function<void()> body_;
};

class LastResultTest : public testing::Test {
 protected:
  std::unique_ptr<Scraper> Make(const ScraperOptions& options) {
    std::vector<ScrapedCollector> collectors;
    const auto note = [this](const char* name) {
      return std::make_unique<FunctionCollector>([this, name] { control_.order.push_back(name); });
    };
    collectors.push_back({&kWalkDeclared, std::make_unique<FakeWalk>(control_)});
    collectors.push_back({&kBlocking, note("blocking")});
    collectors.push_back({&kOther, note("other")});
    return std::make_unique<Scraper>(std::move(collectors), options);
  }

  // Name to "state:number of samples".
  static Reports Round(Scraper& scraper) {
    Reports out;
    scraper.Round({}, Scraper::Clock::now() + minutes(5),
                  [&](std::span<const CollectorReport> reports) {
                    for (const CollectorReport& report : reports) {
                      std::string& text = out[std::string(report.declaration->name)];
                      text = Slug(report.state);
                      if (report.samples) text += ":" + std::to_string(report.samples->size());
                    }
                  });
    return out;
  }
  static Reports WithWalk(const std::string& walk) {
    return {{"blocking", "ok:1"}, {"other", "ok:1"}, {"walk", walk}};
  }

  WalkControl control_;
};

constexpr ScraperOptions kPatient = {.blocking_timeout = minutes(5)};

TEST_F(LastResultTest, IsShownWhileTheNextCallGoesOnOverSeveralRounds) {
  const auto scraper = Make(kPatient);
  EXPECT_EQ(Round(*scraper), WithWalk("ok:1")) << "the first is waited for";
  control_.hangs = true;
  EXPECT_EQ(Round(*scraper), WithWalk("ok:3"));
  EXPECT_EQ(Round(*scraper), WithWalk("ok:3"));
  EXPECT_EQ(control_.calls, 2) << "it is not called again before it came back";
  EXPECT_EQ(control_.order, (std::vector<std::string>{"other", "blocking", "walk", "other",
                                                      "blocking", "other", "blocking"}));
}

TEST_F(LastResultTest, IsShownAtOnceForACallThatHasNoPatience) {
  const auto scraper = Make(kPatient);
  EXPECT_EQ(Round(*scraper), WithWalk("ok:1"));
  control_.patience = milliseconds(0);
  control_.hangs = true;
  EXPECT_EQ(Round(*scraper), WithWalk("ok:3"));
  const auto deadline = Scraper::Clock::now() + seconds(60);
  while (control_.calls < 2 && Scraper::Clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(control_.calls, 2) << "it was begun all the same";
  EXPECT_EQ(Round(*scraper), WithWalk("ok:3"));
}

TEST_F(LastResultTest, GivesWayToANewOneThatComesInTime) {
  control_.patience = minutes(5);
  const auto scraper = Make(kPatient);
  EXPECT_EQ(Round(*scraper), WithWalk("ok:1"));
  EXPECT_EQ(Round(*scraper), WithWalk("ok:1"));
}

TEST_F(LastResultTest, IsWhatTheLastCallAddedWhereThatIsKept) {
  control_.keeps_samples = true;
  const auto scraper = Make(kPatient);
  EXPECT_EQ(Round(*scraper), WithWalk("ok:1"));
  EXPECT_EQ(Round(*scraper), WithWalk("ok:1"));
  control_.hangs = true;
  EXPECT_EQ(Round(*scraper), WithWalk("ok:1"));
  EXPECT_EQ(Round(*scraper), WithWalk("ok:1"));
  EXPECT_EQ(control_.calls, 3);
}

TEST_F(LastResultTest, IsShownWithATimeoutForACallThatTakesLongerThanAnyMay) {
  const auto scraper = Make({.blocking_timeout = milliseconds(200)});
  EXPECT_EQ(Round(*scraper), WithWalk("ok:1"));
  control_.hangs = true;
  const auto deadline = Scraper::Clock::now() + seconds(60);
  Reports reports;
  do {
    reports = Round(*scraper);
  } while (reports == WithWalk("ok:3") && Scraper::Clock::now() < deadline);
  EXPECT_EQ(reports, WithWalk("timeout:3"));
}

TEST_F(LastResultTest, DoesNotStandInForAFirstCallThatTakesTooLong) {
  const auto scraper = Make({.blocking_timeout = milliseconds(50)});
  control_.hangs = true;
  EXPECT_EQ(Round(*scraper), WithWalk("timeout"));
}

TEST_F(LastResultTest, EndsItsCallWhenTheScraperStops) {
  const auto scraper = Make(kPatient);
  Round(*scraper);
  control_.hangs = true;
  Round(*scraper);
  EXPECT_TRUE(scraper->Stop(seconds(60)));
}

}  // namespace
}  // namespace netstack
