#include "collectors/sockstat/limits.h"

#include <gtest/gtest.h>

namespace netstack::sockstat {
namespace {

TEST(Limits, ReadsTheThreeThresholdsOfMemory) {
  MemoryLimits limits;
  ASSERT_TRUE(ParseMemoryLimits("287898\t383867\t575796\n", "tcp_mem", limits));
  EXPECT_EQ(limits, (MemoryLimits{.min = 287898, .pressure = 383867, .max = 575796}));
}

TEST(Limits, ReadsOneNumber) {
  std::uint64_t limit = 0;
  ASSERT_TRUE(ParseLimit("131072\n", "tcp_max_orphans", limit));
  EXPECT_EQ(limit, 131072u);
}

TEST(Limits, RefusesWhatIsNotOneNumberOrThree) {
  MemoryLimits limits;
  std::uint64_t limit = 0;
  for (const std::string_view text : {"", "\n", "1 2", "1 2 x", "1 2 3 4", "-1 2 3", "\xff"}) {
    EXPECT_FALSE(ParseMemoryLimits(text, "tcp_mem", limits)) << text;
  }
  for (const std::string_view text : {"", "\n", "-1", "1 2", "99999999999999999999", "\xff"}) {
    EXPECT_FALSE(ParseLimit(text, "tcp_max_orphans", limit)) << text;
  }
  EXPECT_EQ(ParseMemoryLimits("1\t2\tx\n", "tcp_mem", limits).error().Describe(),
            "tcp_mem line 1: not a count: 'x'");
}

}  // namespace
}  // namespace netstack::sockstat
