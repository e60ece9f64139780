#include "collectors/queues/queue_file.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace netstack::queues {
namespace {

std::string Parsed(std::string_view text, Format format) {
  const Result<std::uint64_t> value = ParseQueueFile(text, "F", format);
  return value ? std::to_string(*value) : value.error().Describe();
}

TEST(QueueFile, HoldsANumber) {
  EXPECT_EQ(Parsed("1879048192\n", Format::kDecimal), "1879048192");
  EXPECT_EQ(Parsed("0", Format::kDecimal), "0");
  EXPECT_EQ(Parsed("", Format::kDecimal), "F line 1: not a number: ''");
  EXPECT_EQ(Parsed("\n", Format::kDecimal), "F line 1: not a number: ''");
  EXPECT_EQ(Parsed("-1\n", Format::kDecimal), "F line 1: not a number: '-1'");
  EXPECT_EQ(Parsed("12 3\n", Format::kDecimal), "F line 1: not a number: '12 3'");
}

TEST(QueueFile, HasADepthThatIsNeverBelowZero) {
  EXPECT_EQ(Parsed("2381\n", Format::kInflight), "2381");
  EXPECT_EQ(Parsed("2147483647\n", Format::kInflight), "2147483647");
  EXPECT_EQ(Parsed("4294966782\n", Format::kInflight), "0");
  EXPECT_EQ(Parsed("4294966782\n", Format::kDecimal), "4294966782");
}

TEST(QueueFile, HoldsAMaskThatIsAListOfCpus) {
  EXPECT_EQ(CpusOf("0\n"), "");
  EXPECT_EQ(CpusOf("f\n"), "0-3");
  EXPECT_EQ(CpusOf("00000001,80000000,0000ff05\n"), "0,2,8-15,63-64");
  EXPECT_EQ(CpusOf("80000000\n"), "31");
  EXPECT_EQ(CpusOf(""), "");
}

TEST(QueueFile, HoldsAMaskWhoseBitsAreCounted) {
  EXPECT_EQ(Parsed("0\n", Format::kMask), "0");
  EXPECT_EQ(Parsed("f\n", Format::kMask), "4");
  EXPECT_EQ(Parsed("00000000,00000000,80000000,0000ff01\n", Format::kMask), "10");
  EXPECT_EQ(Parsed("", Format::kMask), "F line 1: not a CPU mask: ''");
  EXPECT_EQ(Parsed("1,\n", Format::kMask), "F line 1: not a CPU mask: '1,'");
  EXPECT_EQ(Parsed(",1\n", Format::kMask), "F line 1: not a CPU mask: ',1'");
  EXPECT_EQ(Parsed("0x3\n", Format::kMask), "F line 1: not a CPU mask: '0x3'");
}

}  // namespace
}  // namespace netstack::queues
