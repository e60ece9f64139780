#include "collectors/per_cpu_stat.h"

#include <gtest/gtest.h>

namespace netstack {
namespace {

constexpr std::string_view kPath = "/proc/net/stat/nf_conntrack";
// The form of Linux 6.18, two CPUs.
constexpr std::string_view kText =
    "entries  clashres found drop\n"
    "00040000  00000001 0000000a ffffffff \n"
    "00040000  00000002 00000000 00000002 \n";

TEST(PerCpuStat, AddsUpCpusButNotTheRepeatedTotal) {
  PerCpuStat stat;
  ASSERT_TRUE(ParsePerCpuStat(kText, kPath, stat));
  EXPECT_EQ(
      stat,
      (PerCpuStat{{{"entries", 0x40000}, {"clashres", 3}, {"found", 10}, {"drop", 0x100000001}}}));
  EXPECT_EQ(stat.Sum("clashres"), 3u);
  EXPECT_EQ(stat.Sum("early_drop"), std::nullopt);
}

TEST(PerCpuStat, ForgetsWhatWasThereBefore) {
  PerCpuStat stat;
  ASSERT_TRUE(ParsePerCpuStat(kText, kPath, stat));
  ASSERT_TRUE(ParsePerCpuStat("entries hits\n1 2\n", kPath, stat));
  EXPECT_EQ(stat, (PerCpuStat{{{"entries", 1}, {"hits", 2}}}));
}

TEST(PerCpuStat, NamesWhatIsWrong) {
  PerCpuStat stat;
  EXPECT_EQ(ParsePerCpuStat("a b\n1 x\n", kPath, stat).error().Describe(),
            "/proc/net/stat/nf_conntrack line 2: not a hex number: 'x'");
  EXPECT_EQ(ParsePerCpuStat("a b\n1 2\n1\n", kPath, stat).error().Describe(),
            "/proc/net/stat/nf_conntrack line 3: fewer columns than names: '1'");
  EXPECT_FALSE(ParsePerCpuStat("a\n1 2\n", kPath, stat));
  EXPECT_FALSE(ParsePerCpuStat("a b\n", kPath, stat));
  EXPECT_FALSE(ParsePerCpuStat("", kPath, stat));
}

TEST(PerCpuStat, SurvivesTruncationAtEveryByte) {
  for (std::size_t size = 0; size < kText.size(); ++size) {
    PerCpuStat stat;
    if (!ParsePerCpuStat(kText.substr(0, size), kPath, stat)) continue;
    EXPECT_EQ(stat.columns.size(), 4u);
  }
}

}  // namespace
}  // namespace netstack
