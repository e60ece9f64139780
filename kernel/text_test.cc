#include "kernel/text.h"

#include <gtest/gtest.h>

namespace netstack {
namespace {

TEST(Text, CutsLinesWithAndWithoutTheLastNewline) {
  std::string_view rest = "a\n\nb";
  std::string_view line;
  ASSERT_TRUE(NextLine(rest, line));
  EXPECT_EQ(line, "a");
  ASSERT_TRUE(NextLine(rest, line));
  EXPECT_EQ(line, "");
  ASSERT_TRUE(NextLine(rest, line));
  EXPECT_EQ(line, "b");
  EXPECT_FALSE(NextLine(rest, line));
}

TEST(Text, CutsWordsAtBlanksAndTabs) {
  std::string_view rest = "  Ip:\t1  2";
  std::string_view word;
  ASSERT_TRUE(NextWord(rest, word));
  EXPECT_EQ(word, "Ip:");
  ASSERT_TRUE(NextWord(rest, word));
  EXPECT_EQ(word, "1");
  ASSERT_TRUE(NextWord(rest, word));
  EXPECT_EQ(word, "2");
  EXPECT_FALSE(NextWord(rest, word));
}

TEST(Text, ParsesWholeWordsOnly) {
  EXPECT_EQ(ParseDecimal("18446744073709551615"), UINT64_MAX);
  for (const std::string_view bad : {"", "-1", "+1", "1x", " 1", "18446744073709551616"}) {
    EXPECT_FALSE(ParseDecimal(bad)) << bad;
  }
  EXPECT_EQ(ParseHex("00ff"), 255u);
  EXPECT_FALSE(ParseHex("0x1"));
  EXPECT_EQ(ParseSigned("-1"), -1);
}

TEST(Text, TrimsBothEnds) {
  EXPECT_EQ(Trimmed(" a b\t\n"), "a b");
  EXPECT_EQ(Trimmed(" \n"), "");
}

}  // namespace
}  // namespace netstack
