#include "exporter/http/rate_limit.h"

#include <gtest/gtest.h>

namespace netstack {
namespace {

using std::chrono::seconds;

const RateLimit::Clock::time_point kStart = RateLimit::Clock::time_point() + std::chrono::hours(9);

TEST(RateLimit, AllowsABurstAndThenOnePerInterval) {
  RateLimit limit(seconds(10), 2);
  EXPECT_TRUE(limit.Allow(kStart));
  EXPECT_TRUE(limit.Allow(kStart));
  EXPECT_FALSE(limit.Allow(kStart));
  EXPECT_FALSE(limit.Allow(kStart + seconds(9)));
  EXPECT_TRUE(limit.Allow(kStart + seconds(10)));
  EXPECT_FALSE(limit.Allow(kStart + seconds(10)));
}

TEST(RateLimit, SavesUpNoMoreThanABurst) {
  RateLimit limit(seconds(10), 2);
  EXPECT_TRUE(limit.Allow(kStart));
  EXPECT_TRUE(limit.Allow(kStart + seconds(500)));
  EXPECT_TRUE(limit.Allow(kStart + seconds(500)));
  EXPECT_FALSE(limit.Allow(kStart + seconds(500)));
}

TEST(RateLimit, AllowsNothingWithABurstOfZero) {
  RateLimit limit(seconds(10), 0);
  EXPECT_FALSE(limit.Allow(kStart));
  EXPECT_FALSE(limit.Allow(kStart + seconds(1000)));
}

TEST(RateLimit, AllowsEverythingWithoutAnInterval) {
  RateLimit limit(seconds(0), 0);
  EXPECT_TRUE(limit.Allow(kStart));
  EXPECT_TRUE(limit.Allow(kStart));
}

}  // namespace
}  // namespace netstack
