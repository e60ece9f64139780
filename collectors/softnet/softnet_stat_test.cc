#include "collectors/softnet/softnet_stat.h"

#include <gtest/gtest.h>

#include <string>

namespace netstack::softnet {
namespace {

// Linux 6.18, 15 columns, two CPUs.
constexpr std::string_view kLinux618 =
    "0003a7c1 00000002 0000000d 00000000 00000000 00000000 00000000 00000000 00000000 00000007 "
    "00000001 00000005 00000000 00000003 00000002\n"
    "00029d10 00000000 00000004 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
    "00000000 00000000 00000001 00000000 00000000\n";

std::string Line(std::size_t columns) {
  std::string line;
  for (std::size_t i = 1; i <= columns; ++i)
    line += (i == 1 ? "0000000" : " 0000000") + std::string(1, "0123456789abcdef"[i]);
  return line + "\n";
}

TEST(SoftnetStat, ReadsEveryLiveColumnOfFifteen) {
  SoftnetStat stat;
  ASSERT_TRUE(ParseSoftnetStat(kLinux618, "0-1", stat));
  EXPECT_EQ(stat, (SoftnetStat{{{.cpu = 0,
                                 .processed = 0x3a7c1,
                                 .dropped = 2,
                                 .time_squeeze = 0xd,
                                 .received_rps = 7,
                                 .flow_limit = 1,
                                 .backlog = 5,
                                 .input_queue = 3,
                                 .process_queue = 2},
                                {.cpu = 1,
                                 .processed = 0x29d10,
                                 .dropped = 0,
                                 .time_squeeze = 4,
                                 .received_rps = 0,
                                 .flow_limit = 0,
                                 .backlog = 0,
                                 .input_queue = 0,
                                 .process_queue = 0}}}));
}

struct Layout {
  std::size_t columns;
  bool rps, flow_limit, backlog, queues;
};

class SoftnetLayouts : public testing::TestWithParam<Layout> {};

TEST_P(SoftnetLayouts, LeavesOutWhatTheKernelDoesNotPrint) {
  SoftnetStat stat;
  ASSERT_TRUE(ParseSoftnetStat(Line(GetParam().columns), "", stat));
  ASSERT_EQ(stat.cpus.size(), 1u);
  const CpuSoftnet& cpu = stat.cpus[0];
  EXPECT_EQ(cpu.processed, 1u);
  EXPECT_EQ(cpu.received_rps, GetParam().rps ? 10u : 0u);
  EXPECT_EQ(cpu.flow_limit.has_value(), GetParam().flow_limit);
  EXPECT_EQ(cpu.backlog.has_value(), GetParam().backlog);
  EXPECT_EQ(cpu.input_queue.has_value(), GetParam().queues);
  EXPECT_EQ(cpu.process_queue.has_value(), GetParam().queues);
}

INSTANTIATE_TEST_SUITE_P(OfAllKernels, SoftnetLayouts,
                         testing::Values(Layout{9, false, false, false, false},
                                         Layout{10, true, false, false, false},
                                         Layout{11, true, true, false, false},
                                         Layout{13, true, true, true, false},
                                         Layout{15, true, true, true, true}));

TEST(SoftnetStat, NamesCpusByTheOnlineListWhereTheColumnIsMissing) {
  SoftnetStat stat;
  ASSERT_TRUE(ParseSoftnetStat(Line(11) + Line(11) + Line(11), "0,2-3\n", stat));
  EXPECT_EQ(stat.cpus[0].cpu, 0u);
  EXPECT_EQ(stat.cpus[1].cpu, 2u);
  EXPECT_EQ(stat.cpus[2].cpu, 3u);
}

TEST(SoftnetStat, NamesLineAndItemOfWhatIsNotHex) {
  SoftnetStat stat;
  const Status parsed = ParseSoftnetStat(Line(13) + "00000001 0x1g\n", "", stat);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(),
            "/proc/net/softnet_stat line 2: not a 32-bit hex number: '0x1g'");
}

TEST(SoftnetStat, RefusesNumbersBeyond32BitsAndShortLines) {
  SoftnetStat stat;
  EXPECT_FALSE(ParseSoftnetStat("100000000 0 0 0 0 0 0 0 0\n", "", stat));
  EXPECT_FALSE(ParseSoftnetStat("1 2 3 4 5 6 7 8\n", "", stat));
  EXPECT_FALSE(ParseSoftnetStat("-1 0 0 0 0 0 0 0 0\n", "", stat));
  EXPECT_FALSE(ParseSoftnetStat("", "", stat));
}

TEST(SoftnetStat, RefusesACpuThatComesTwice) {
  SoftnetStat stat;
  const std::string twice = std::string(kLinux618) + std::string(kLinux618);
  const Status status = ParseSoftnetStat(twice, "0-1", stat);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().Describe(), "/proc/net/softnet_stat line 3: a CPU out of order: '0'");
}

TEST(SoftnetStat, SurvivesTruncationAtEveryByte) {
  for (std::size_t size = 0; size < kLinux618.size(); ++size) {
    SoftnetStat stat;
    const Status parsed = ParseSoftnetStat(kLinux618.substr(0, size), "0-1", stat);
    if (parsed) {
      EXPECT_LE(stat.cpus.size(), 2u);
    }
  }
}

TEST(SoftnetStat, Reads4096Cpus) {
  std::string text;
  for (int i = 0; i < 4096; ++i) text += Line(11);
  SoftnetStat stat;
  ASSERT_TRUE(ParseSoftnetStat(text, "0-4095", stat));
  EXPECT_EQ(stat.cpus.size(), 4096u);
  EXPECT_EQ(stat.cpus.back().cpu, 4095u);
}

}  // namespace
}  // namespace netstack::softnet
