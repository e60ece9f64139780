#include "kernel/bpf/peak_window.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace netstack {
namespace {

using std::chrono::seconds;
using Clock = PeakWindow::Clock;

constexpr Clock::time_point kStart{};
constexpr auto kLookBack = seconds(75);

TEST(PeakWindow, ShowsTheRunningEpochFirst) {
  PeakWindow window(kStart);
  window.Read(kStart + seconds(1), kLookBack);
  EXPECT_EQ(window.oldest(), 1u);
  EXPECT_EQ(window.epoch(), 1u);
  EXPECT_EQ(window.gaps(), 0u);
}

TEST(PeakWindow, EndsAnEpochAfterASixthOfTheLookBack) {
  PeakWindow window(kStart);
  window.Read(kStart + seconds(12), kLookBack);
  EXPECT_EQ(window.epoch(), 1u);
  window.Read(kStart + seconds(13), kLookBack);
  EXPECT_EQ(window.epoch(), 2u);
  EXPECT_EQ(window.oldest(), 1u);
}

TEST(PeakWindow, ForgetsAnEpochThatEndedBeforeTheLookBack) {
  PeakWindow window(kStart);
  window.Read(kStart + seconds(15), kLookBack);
  window.Read(kStart + seconds(90), kLookBack);
  EXPECT_EQ(window.oldest(), 2u) << "the first ended exactly a look-back ago";
  EXPECT_EQ(window.epoch(), 3u);
}

TEST(PeakWindow, ShowsAllOfALongGapAndCountsIt) {
  PeakWindow window(kStart);
  window.Read(kStart + seconds(15), kLookBack);
  window.Read(kStart + seconds(15 + 76), kLookBack);
  EXPECT_EQ(window.gaps(), 1u);
  EXPECT_EQ(window.oldest(), 2u) << "the epoch in which nobody read";
  window.Read(kStart + seconds(15 + 76 + 75), kLookBack);
  EXPECT_EQ(window.gaps(), 1u);
}

// A day of readers at several intervals: whatever happened within the look-back of a reading is
// shown, little that is older, and no epoch's lane is emptied while it is shown.
TEST(PeakWindow, ShowsEveryMomentOfTheLookBackWhoeverReads) {
  for (const std::vector<int>& intervals : {std::vector{15}, {5, 15, 60}, {1, 7}, {60}, {74}}) {
    PeakWindow window(kStart);
    std::map<std::uint32_t, Clock::time_point> started = {{1, kStart}};
    for (int second = 1; second < 24 * 3600; ++second) {
      bool reads = false;
      for (const int interval : intervals) reads = reads || second % interval == 0;
      if (!reads) continue;
      const Clock::time_point now = kStart + seconds(second);
      window.Read(now, kLookBack);
      started.emplace(window.epoch(), now);
      ASSERT_LT(window.epoch() - window.oldest(), PeakWindow::kKept);
      const Clock::time_point from = started.at(window.oldest());
      if (now - kLookBack > kStart) {
        ASSERT_LE(from, now - kLookBack) << second;
        ASSERT_GE(from, now - kLookBack - seconds(12 + 75)) << second;
      }
    }
    EXPECT_EQ(window.gaps(), 0u);
  }
}

}  // namespace
}  // namespace netstack
