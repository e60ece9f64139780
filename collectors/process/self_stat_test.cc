#include "collectors/process/self_stat.h"

#include <gtest/gtest.h>

#include <string>

namespace netstack::process {
namespace {

constexpr std::string_view kLinux618 =
    "7198 (cat) R 7197 7174 16533 0 -1 4194304 75 0 0 0 12 7 0 0 20 0 3 0 225353 3133440 390 "
    "18446744073709551615 94254359343104 94254359362985 140721058220304 0 0 0 0 0 0 0 0 0 17 1 0 0 "
    "0 0 0 94254359378992 94254359380608 94255004848128 0 0 0 0 0\n";

constexpr SelfStat kExpected{.user_ticks = 12,
                             .system_ticks = 7,
                             .threads = 3,
                             .start_ticks = 225353,
                             .virtual_bytes = 3133440,
                             .resident_pages = 390};

TEST(SelfStat, ReadsTheFieldsByTheirNumber) {
  SelfStat stat;
  ASSERT_TRUE(ParseSelfStat(kLinux618, stat));
  EXPECT_EQ(stat, kExpected);
}

TEST(SelfStat, IsNotMisledByTheName) {
  std::string text(kLinux618);
  text.replace(text.find("(cat)"), 5, "(a) R 1 (b\n2)");
  SelfStat stat;
  ASSERT_TRUE(ParseSelfStat(text, stat));
  EXPECT_EQ(stat, kExpected);
}

TEST(SelfStat, NamesTheFieldThatIsNotACount) {
  SelfStat stat;
  const Status parsed = ParseSelfStat("1 (x) S 4 5 6 7 8 9 10 11 12 13 -14 15", stat);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(), "/proc/self/stat line 1: field 14 is not a count: '-14'");
  EXPECT_FALSE(ParseSelfStat("1 (x) S 4 5 6 7 8 9 10 11 12 13 18446744073709551616", stat));
}

TEST(SelfStat, SurvivesTruncationAtEveryByte) {
  const std::size_t whole = kLinux618.find(" 390 ");
  for (std::size_t size = 0; size < kLinux618.size(); ++size) {
    SelfStat stat;
    const bool parsed = ParseSelfStat(kLinux618.substr(0, size), stat).ok();
    EXPECT_EQ(parsed, size > whole + 1) << size;
  }
}

}  // namespace
}  // namespace netstack::process
