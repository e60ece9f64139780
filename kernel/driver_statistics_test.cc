#include "kernel/driver_statistics.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace netstack {
namespace {

std::string ErrorOf(std::string_view text) {
  DriverStatistics statistics;
  const Status parsed = ParseDriverStatistics(text, "F", statistics);
  return parsed ? "" : parsed.error().Describe();
}

TEST(DriverStatistics, KeepNamesAsTheDriverWroteThem) {
  DriverStatistics statistics;
  ASSERT_TRUE(ParseDriverStatistics("Rx Queue#: 0\n  pkts rx OOB: 3\n[0]: rx_discards: 4\n", "F",
                                    statistics));
  EXPECT_EQ(statistics.names,
            (std::vector<std::string>{"Rx Queue#", "  pkts rx OOB", "[0]: rx_discards"}));
  EXPECT_EQ(statistics.values, (std::vector<std::uint64_t>{0, 3, 4}));
}

TEST(DriverStatistics, RefuseALineThatIsNone) {
  EXPECT_EQ(ErrorOf("a: 1\nb\n"), "F line 2: not a statistic: 'b'");
  EXPECT_EQ(ErrorOf("a: -1\n"), "F line 1: not a statistic: 'a: -1'");
  EXPECT_EQ(ErrorOf(""), "");
}

TEST(DriverStatistics, AreAbsentOfADeviceThatIsNotThere) {
  DriverStatisticsReader live({}, nullptr);
  DriverStatistics statistics;
  const Status read = live.Read("no-such-device", statistics);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kAbsent);
}

TEST(DriverStatistics, AreUnsupportedByLoopback) {
  DriverStatisticsReader live({}, nullptr);
  DriverStatistics statistics;
  const Status read = live.Read("lo", statistics);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kUnsupported);
}

}  // namespace
}  // namespace netstack
