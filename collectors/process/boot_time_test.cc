#include "collectors/process/boot_time.h"

#include <gtest/gtest.h>

namespace netstack::process {
namespace {

TEST(BootTime, IsTheRowBtime) {
  const Result<std::uint64_t> time = ParseBootTime("cpu  1 2\nctxt 5\nbtime 1763785000\nx 1\n");
  ASSERT_TRUE(time);
  EXPECT_EQ(*time, 1763785000u);
}

TEST(BootTime, NamesWhatIsWrong) {
  EXPECT_EQ(ParseBootTime("cpu 1\nbtime soon\n").error().Describe(),
            "/proc/stat line 2: not a time: 'soon'");
  EXPECT_EQ(ParseBootTime("").error().Describe(), "/proc/stat: no row btime: ''");
  EXPECT_FALSE(ParseBootTime("btime -1\n"));
  EXPECT_FALSE(ParseBootTime("btime 18446744073709551616\n"));
  EXPECT_FALSE(ParseBootTime("btime"));
}

}  // namespace
}  // namespace netstack::process
