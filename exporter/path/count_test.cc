#include "exporter/path/count.h"

#include <gtest/gtest.h>

#include <vector>

namespace netstack {
namespace {

struct Value {
  std::size_t term;
  bool minus;
  std::string_view labels;
  std::uint64_t value;
  Width width = Width::k32;
};

std::uint64_t RunRound(Count& count, const std::vector<Value>& values) {
  count.Begin();
  for (const Value& v : values) {
    const Count::Effect effect = v.minus ? Count::Effect::kTakes : Count::Effect::kAdds;
    count.Add(v.term, effect, v.labels, v.value, v.width);
  }
  return count.End();
}

TEST(Count, StartsAtZeroAndSumsIncreases) {
  Count count;
  EXPECT_EQ(RunRound(count, {{0, false, "0", 100}, {0, false, "1", 7}}), 0u);
  EXPECT_EQ(RunRound(count, {{0, false, "0", 103}, {0, false, "1", 8}}), 4u);
}

TEST(Count, CountsAcrossA32BitWrap) {
  Count count;
  RunRound(count, {{0, false, "0", 0xfffffff0}});
  EXPECT_EQ(RunRound(count, {{0, false, "0", 0x10}}), 0x20u);
}

TEST(Count, TakesAResetForNoIncrease) {
  Count count;
  RunRound(count, {{0, false, "0", 1000, Width::k64}});
  EXPECT_EQ(RunRound(count, {{0, false, "0", 5, Width::k64}}), 0u);
  EXPECT_EQ(RunRound(count, {{0, false, "0", 9, Width::k64}}), 4u);
}

TEST(Count, DoesNotCountARacyStepBackTwice) {
  Count count;
  RunRound(count, {{0, false, "0", 1000, Width::k64}});
  EXPECT_EQ(RunRound(count, {{0, false, "0", 998, Width::k64}}), 0u);
  EXPECT_EQ(RunRound(count, {{0, false, "0", 1003, Width::k64}}), 3u);
}

TEST(Count, SurvivesMembersThatComeAndGo) {
  Count count;
  RunRound(count, {{0, false, "0", 10}, {0, false, "1", 500}});
  EXPECT_EQ(RunRound(count, {{0, false, "0", 12}}), 2u) << "a CPU went offline";
  EXPECT_EQ(RunRound(count, {{0, false, "0", 12}, {0, false, "1", 500}}), 2u) << "and came back";
  EXPECT_EQ(RunRound(count, {{0, false, "0", 12}, {0, false, "1", 501}}), 3u);
}

TEST(Count, GivesBackNoMoreThanWasTaken) {
  Count count;
  const auto round = [&](std::uint64_t added, std::uint64_t taken, std::uint64_t given_back) {
    count.Begin();
    count.Add(0, Count::Effect::kAdds, "", added, Width::k64);
    count.Add(1, Count::Effect::kTakes, "", taken, Width::k64);
    count.Add(2, Count::Effect::kGivesBack, "", given_back, Width::k64);
    return count.End();
  };
  EXPECT_EQ(round(100, 50, 10), 0u);
  EXPECT_EQ(round(110, 57, 12), 5u) << "of seven that were taken, two were of others";
  EXPECT_EQ(round(110, 57, 100), 10u);
  EXPECT_EQ(round(111, 60, 100), 11u) << "who came too early is not lost";
}

TEST(Count, NeverStepsBackWhenTheMinusIsReadLater) {
  Count count;
  RunRound(count, {{0, false, "", 100}, {1, true, "", 40}});
  EXPECT_EQ(RunRound(count, {{0, false, "", 105}, {1, true, "", 42}}), 3u);
  EXPECT_EQ(RunRound(count, {{0, false, "", 105}, {1, true, "", 44}}), 3u) << "reads in between";
  EXPECT_EQ(RunRound(count, {{0, false, "", 107}, {1, true, "", 44}}), 3u) << "debt is paid first";
  EXPECT_EQ(RunRound(count, {{0, false, "", 108}, {1, true, "", 44}}), 4u);
}

TEST(Count, StartsAgainWhenItsTermsChange) {
  Count count;
  RunRound(count, {{0, false, "", 100}, {1, false, "", 1000}});
  EXPECT_EQ(RunRound(count, {{0, false, "", 101}, {1, false, "", 1001}}), 2u);
  EXPECT_EQ(RunRound(count, {{0, false, "", 105}}), 0u);
  EXPECT_EQ(RunRound(count, {{0, false, "", 106}}), 1u);
  EXPECT_EQ(RunRound(count, {{0, false, "", 106}, {1, false, "", 1009}}), 0u);
}

}  // namespace
}  // namespace netstack
