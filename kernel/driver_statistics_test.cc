#include "kernel/driver_statistics.h"

#include <gtest/gtest.h>
#include <linux/ethtool.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <utility>
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

TEST(DriverStatistics, TellWhetherNamesAreAsBefore) {
  DriverStatistics statistics;
  std::uint64_t generation = statistics.generation;
  const auto is_new_after = [&](std::string_view text) {
    EXPECT_TRUE(ParseDriverStatistics(text, "F", statistics)) << text;
    return std::exchange(generation, statistics.generation) != statistics.generation;
  };
  EXPECT_TRUE(is_new_after("a: 1\nb: 2\n"));
  EXPECT_FALSE(is_new_after("a: 3\nb: 18446744073709551615"));
  EXPECT_EQ(statistics.values, (std::vector<std::uint64_t>{3, UINT64_MAX}));
  EXPECT_TRUE(is_new_after("a: b: 3\nb: 4\n")) << "a longer name that begins like the former";
  EXPECT_EQ(statistics.names, (std::vector<std::string>{"a: b", "b"}));
  EXPECT_TRUE(is_new_after("a: b: 3\n"));
  EXPECT_EQ(statistics.names, (std::vector<std::string>{"a: b"}));
  EXPECT_TRUE(is_new_after("a: b: 3\nc: 1\nd: 2\n"));
  EXPECT_EQ(statistics.values, (std::vector<std::uint64_t>{3, 1, 2}));
  EXPECT_TRUE(is_new_after(""));
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

// A driver that answers as the kernel lets it: it writes as many names and values as it has at that
// moment, whatever was announced before.
struct MadeDriver {
  std::uint32_t announced = 0;
  std::vector<std::string> names = {};
  std::vector<std::uint64_t> values = {};
  bool gone_after_announcing = false;

  int operator()(const std::string&, void* command) const {
    switch (*static_cast<std::uint32_t*>(command)) {
      case ETHTOOL_GSSET_INFO: {
        auto* const info = static_cast<ethtool_sset_info*>(command);
        info->data[0] = announced;
        return 0;
      }
      case ETHTOOL_GSTRINGS: {
        if (gone_after_announcing) return ENODEV;
        auto* const strings = static_cast<ethtool_gstrings*>(command);
        strings->len = static_cast<std::uint32_t>(names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
          // Without a NUL where a name fills its place.
          char* const place = reinterpret_cast<char*>(strings->data) + i * ETH_GSTRING_LEN;
          std::memset(place, 0, ETH_GSTRING_LEN);
          names[i].copy(place, ETH_GSTRING_LEN);
        }
        return 0;
      }
      default: {
        auto* const stats = static_cast<ethtool_stats*>(command);
        stats->n_stats = static_cast<std::uint32_t>(values.size());
        std::memcpy(static_cast<char*>(command) + sizeof(ethtool_stats), values.data(),
                    values.size() * sizeof(std::uint64_t));
        return 0;
      }
    }
  }
};

std::optional<ErrorKind> FaultOf(const MadeDriver& driver) {
  DriverStatisticsReader reader(driver);
  DriverStatistics statistics;
  const Status read = reader.Read("eth0", statistics);
  return read ? std::nullopt : std::optional(read.error().kind);
}

TEST(DriverStatistics, ThatAreMoreThanAnnouncedAreAllRead) {
  DriverStatisticsReader reader(
      MadeDriver{.announced = 1, .names = {"a", "b", "c"}, .values = {1, 2, 3}});
  DriverStatistics statistics;
  ASSERT_TRUE(reader.Read("eth0", statistics));
  EXPECT_EQ(statistics.names, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(statistics.values, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST(DriverStatistics, OfTheKernelTellWhetherNamesAreAsBefore) {
  MadeDriver driver{.announced = 2, .names = {"a", "b"}, .values = {1, 2}};
  DriverStatisticsReader reader(std::ref(driver));
  DriverStatistics statistics;
  ASSERT_TRUE(reader.Read("eth0", statistics));
  const std::uint64_t first = statistics.generation;
  driver.values = {3, 4};
  ASSERT_TRUE(reader.Read("eth0", statistics));
  EXPECT_EQ(statistics.generation, first);
  driver.names = {"a", "c"};
  ASSERT_TRUE(reader.Read("eth0", statistics));
  EXPECT_NE(statistics.generation, first);
  EXPECT_EQ(statistics.names, driver.names);
}

TEST(DriverStatistics, KeepNamesOfAnyBytesUpToTheirPlace) {
  const std::string full(ETH_GSTRING_LEN, 'x');
  const std::vector<std::string> names = {full, "[0]: rx (a) {b}", "\xff\xfe", ""};
  DriverStatisticsReader reader(MadeDriver{.announced = 4, .names = names, .values = {1, 2, 3, 4}});
  DriverStatistics statistics;
  ASSERT_TRUE(reader.Read("eth0", statistics));
  EXPECT_EQ(statistics.names, names);
}

TEST(DriverStatistics, AreReadByTheTenThousand) {
  MadeDriver driver{.announced = 10'000};
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    driver.names.push_back("stat_" + std::to_string(i));
    driver.values.push_back(i);
  }
  DriverStatisticsReader reader(driver);
  DriverStatistics statistics;
  ASSERT_TRUE(reader.Read("eth0", statistics));
  EXPECT_EQ(statistics.names.back(), "stat_9999");
  EXPECT_EQ(statistics.values.back(), 9999u);
}

TEST(DriverStatistics, ThatContradictThemselvesAreRefused) {
  EXPECT_EQ(FaultOf({.announced = 2, .names = {"a", "b"}, .values = {1}}), ErrorKind::kMalformed);
  EXPECT_EQ(FaultOf({.announced = UINT32_MAX}), ErrorKind::kMalformed);
}

TEST(DriverStatistics, OfADeviceThatGoesMeanwhileAreAbsent) {
  EXPECT_EQ(FaultOf({.announced = 2, .gone_after_announcing = true}), ErrorKind::kAbsent);
}

}  // namespace
}  // namespace netstack
