#include "collectors/tunables/sysctl_value.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace netstack::tunables {
namespace {

constexpr std::string_view kPath = "/proc/sys/net/x";

SysctlValue Parsed(std::string_view text, Layout layout) {
  SysctlValue value;
  const Status parsed = ParseSysctl(text, kPath, layout, value);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().Describe());
  return value;
}

std::string Refusal(std::string_view text, Layout layout) {
  SysctlValue value;
  const Status parsed = ParseSysctl(text, kPath, layout, value);
  return parsed ? "" : parsed.error().Describe();
}

TEST(SysctlValue, ReadsOneNumber) {
  EXPECT_EQ(Parsed("1000\n", Layout::kSingle), (SysctlValue{.numbers = {{{1000}}}}));
}

TEST(SysctlValue, ReadsTabbedVectorsInTheOrderOfTheirFields) {
  const SysctlValue three{.numbers = {{{4096}, {131072}, {33554432}}}};
  EXPECT_EQ(Parsed("4096\t131072\t33554432\n", Layout::kMinDefaultMax), three);
  EXPECT_EQ(Parsed("4096\t131072\t33554432\n", Layout::kMinPressureMax), three);
  EXPECT_EQ(Parsed("32768\t60999\n", Layout::kMinMax),
            (SysctlValue{.numbers = {{{32768}, {60999}}}}));
}

TEST(SysctlValue, NamesTheFieldsOfEachLayout) {
  const auto fields = [](Layout layout) {
    return std::vector<std::string_view>(FieldsOf(layout).begin(), FieldsOf(layout).end());
  };
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(fields(Layout::kSingle), Names{"current"});
  EXPECT_EQ(fields(Layout::kCpuBitmap), Names{"current"});
  EXPECT_EQ(fields(Layout::kMinMax), (Names{"min", "max"}));
  EXPECT_EQ(fields(Layout::kMinDefaultMax), (Names{"min", "default", "max"}));
  EXPECT_EQ(fields(Layout::kMinPressureMax), (Names{"min", "pressure", "max"}));
  EXPECT_EQ(fields(Layout::kWord), Names{});
  EXPECT_EQ(fields(Layout::kWords), Names{});
}

TEST(SysctlValue, KeepsTheSignAndTheLargestNumber) {
  EXPECT_EQ(Parsed("-1\n", Layout::kSingle),
            (SysctlValue{.numbers = {{{.magnitude = 1, .negative = true}}}}));
  EXPECT_EQ(Parsed("-0\n", Layout::kSingle), SysctlValue{});
  EXPECT_EQ(Parsed("18446744073709551615\n", Layout::kSingle),
            (SysctlValue{.numbers = {{{UINT64_MAX}}}}));
}

TEST(SysctlValue, RefusesWhatIsNoWholeNumber) {
  EXPECT_EQ(Refusal("12x\n", Layout::kSingle), "/proc/sys/net/x line 1: not a whole number: '12x'");
  EXPECT_EQ(Refusal("18446744073709551616\n", Layout::kSingle),
            "/proc/sys/net/x line 1: not a whole number: '18446744073709551616'");
  for (const std::string_view text : {"--1", "-", "+1", "0x10", "1.5", "1e3", "\xff"}) {
    EXPECT_NE(Refusal(text, Layout::kSingle), "") << text;
  }
}

TEST(SysctlValue, RefusesAnotherCountOfNumbers) {
  EXPECT_EQ(Refusal("", Layout::kSingle), "/proc/sys/net/x line 1: too few numbers: ''");
  EXPECT_EQ(Refusal("1\t2\n", Layout::kSingle),
            "/proc/sys/net/x line 1: too many numbers: '1\\x092'");
  EXPECT_EQ(Refusal("1\t2\n", Layout::kMinDefaultMax),
            "/proc/sys/net/x line 1: too few numbers: '1\\x092'");
  EXPECT_EQ(Refusal("1\n2\n", Layout::kMinMax), "/proc/sys/net/x line 2: a second line: '2'");
}

TEST(SysctlValue, ReadsWords) {
  EXPECT_EQ(Parsed("pfifo_fast\n", Layout::kWord), (SysctlValue{.text = "pfifo_fast"}));
  EXPECT_EQ(Parsed("reno bbr cubic\n", Layout::kWords), (SysctlValue{.text = "reno bbr cubic"}));
}

TEST(SysctlValue, RefusesWordsThatNobodyCouldType) {
  EXPECT_EQ(Refusal("\n", Layout::kWord), "/proc/sys/net/x line 1: no word: ''");
  EXPECT_EQ(Refusal("two words\n", Layout::kWord),
            "/proc/sys/net/x line 1: more than one word: 'two words'");
  EXPECT_EQ(Refusal("f\xc3\xbcq\n", Layout::kWord),
            "/proc/sys/net/x line 1: not printable: 'f\\xc3\\xbcq'");
  EXPECT_NE(Refusal("a\x01\n", Layout::kWords), "");
  EXPECT_NE(Refusal(std::string_view("a\0b", 3), Layout::kWords), "");
  EXPECT_NE(Refusal("a\nb", Layout::kWords), "");
}

TEST(SysctlValue, CountsTheCpusOfABitmapAndKeepsItsText) {
  EXPECT_EQ(Parsed("0\n", Layout::kCpuBitmap), (SysctlValue{.text = "0"}));
  EXPECT_EQ(Parsed("3\n", Layout::kCpuBitmap), (SysctlValue{.numbers = {{{2}}}, .text = "3"}));
  EXPECT_EQ(Parsed("00000001,ffffffff,80000000\n", Layout::kCpuBitmap),
            (SysctlValue{.numbers = {{{34}}}, .text = "00000001,ffffffff,80000000"}));
}

TEST(SysctlValue, RefusesWhatIsNoBitmap) {
  EXPECT_EQ(Refusal("3,\n", Layout::kCpuBitmap), "/proc/sys/net/x line 1: not a CPU bitmap: '3,'");
  for (const std::string_view text : {"", "g", "123456789", ",1", "-1", "1 2", "0x1"}) {
    EXPECT_NE(Refusal(text, Layout::kCpuBitmap), "") << text;
  }
}

TEST(SysctlValue, SurvivesTruncationAtEveryByte) {
  constexpr std::string_view kText = "4096\t131072\t33554432\n";
  for (std::size_t size = 0; size < kText.size(); ++size) {
    SysctlValue value;
    // A number cut short cannot be told from a smaller one; the first two are whole by then.
    if (ParseSysctl(kText.substr(0, size), kPath, Layout::kMinDefaultMax, value)) {
      EXPECT_EQ(value.numbers[0].magnitude, 4096u);
      EXPECT_EQ(value.numbers[1].magnitude, 131072u);
    }
  }
}

}  // namespace
}  // namespace netstack::tunables
