#include "collectors/protocols/header_pairs.h"

#include <gtest/gtest.h>

#include <string>

#include "kernel/file.h"

namespace netstack::protocols {
namespace {

constexpr std::string_view kPath = "/proc/net/snmp";
constexpr std::string_view kTwoGroups =
    "Tcp: RtoMin MaxConn InSegs\n"
    "Tcp: 200 -1 18446744073709551615\n"
    "Udp: InDatagrams\n"
    "Udp: 7\n";

std::string ErrorOf(std::string_view text) {
  FieldValues parsed;
  const Status status = ParseHeaderPairs(text, kPath, parsed);
  return status ? "" : status.error().Describe();
}

TEST(HeaderPairs, PutsEachNumberUnderItsName) {
  FieldValues parsed;
  ASSERT_TRUE(ParseHeaderPairs(kTwoGroups, kPath, parsed));
  EXPECT_EQ(parsed.fields,
            (std::vector<Field>{
                {"Tcp", "RtoMin"}, {"Tcp", "MaxConn"}, {"Tcp", "InSegs"}, {"Udp", "InDatagrams"}}));
  EXPECT_EQ(parsed.values, (std::vector<FieldValue>{{.bits = 200},
                                                    {.bits = UINT64_MAX, .negative = true},
                                                    {.bits = UINT64_MAX},
                                                    {.bits = 7}}));
}

TEST(HeaderPairs, ReadsAGroupOfSeveralPairs) {
  FieldValues parsed;
  ASSERT_TRUE(
      ParseHeaderPairs("IcmpMsg: InType0 InType3\nIcmpMsg: 1 2\n"
                       "IcmpMsg: OutType8\nIcmpMsg: 3\n",
                       kPath, parsed));
  EXPECT_EQ(parsed.fields,
            (std::vector<Field>{
                {"IcmpMsg", "InType0"}, {"IcmpMsg", "InType3"}, {"IcmpMsg", "OutType8"}}));
  EXPECT_EQ(parsed.values, (std::vector<FieldValue>{{.bits = 1}, {.bits = 2}, {.bits = 3}}));
}

TEST(HeaderPairs, KeepsTheNamesWhileOnlyNumbersChange) {
  FieldValues parsed;
  ASSERT_TRUE(ParseHeaderPairs("Udp: InErrors\nUdp: 1\n", kPath, parsed));
  const std::uint64_t layout = parsed.layout;
  const Field* const fields = parsed.fields.data();
  ASSERT_TRUE(ParseHeaderPairs("Udp: InErrors\nUdp: 2\n", kPath, parsed));
  EXPECT_EQ(parsed.layout, layout);
  EXPECT_EQ(parsed.fields.data(), fields);
  EXPECT_EQ(parsed.values, (std::vector<FieldValue>{{.bits = 2}}));
}

TEST(HeaderPairs, TakesUpChangedAddedAndRemovedGroups) {
  FieldValues parsed;
  ASSERT_TRUE(ParseHeaderPairs(kTwoGroups, kPath, parsed));
  std::uint64_t layout = parsed.layout;
  ASSERT_TRUE(ParseHeaderPairs("Tcp: RtoMin\nTcp: 1\nIp: A B\nIp: 2 3\n", kPath, parsed));
  EXPECT_EQ(parsed.fields, (std::vector<Field>{{"Tcp", "RtoMin"}, {"Ip", "A"}, {"Ip", "B"}}));
  EXPECT_GT(parsed.layout, layout);
  layout = parsed.layout;
  ASSERT_TRUE(ParseHeaderPairs("Tcp: RtoMin\nTcp: 1\n", kPath, parsed));
  EXPECT_EQ(parsed.fields, (std::vector<Field>{{"Tcp", "RtoMin"}}));
  EXPECT_GT(parsed.layout, layout);
  EXPECT_EQ(parsed.values.size(), 1u);
}

TEST(HeaderPairs, IsItselfAgainAfterAnError) {
  FieldValues parsed;
  ASSERT_TRUE(ParseHeaderPairs(kTwoGroups, kPath, parsed));
  ASSERT_FALSE(ParseHeaderPairs("Tcp: A B\xff\nTcp: 1 2\n", kPath, parsed));
  ASSERT_TRUE(ParseHeaderPairs("Tcp: A\nTcp: 5\n", kPath, parsed));
  EXPECT_EQ(parsed.fields, (std::vector<Field>{{"Tcp", "A"}}));
  EXPECT_EQ(parsed.values, (std::vector<FieldValue>{{.bits = 5}}));
}

TEST(HeaderPairs, NamesPathLineAndItemOfWhatIsWrong) {
  EXPECT_EQ(ErrorOf(""), "/proc/net/snmp line 1: empty: ''");
  EXPECT_EQ(ErrorOf("Tcp: A B\nTcp: 1\n"),
            "/proc/net/snmp line 2: fewer values than names: 'Tcp:'");
  EXPECT_EQ(ErrorOf("Tcp: A\nTcp: 1 2\n"), "/proc/net/snmp line 2: more values than names: '2'");
  EXPECT_EQ(ErrorOf("Tcp: A\nTcp: 1\nUdp: B\n"),
            "/proc/net/snmp line 4: names without values: 'Udp: B'");
  EXPECT_EQ(ErrorOf("Tcp: A\nUdp: 1\n"), "/proc/net/snmp line 2: not the values of: 'Tcp:'");
  EXPECT_EQ(ErrorOf("Tcp: A\nTcp: 1x\n"), "/proc/net/snmp line 2: not a number of 64 bits: '1x'");
  EXPECT_EQ(ErrorOf("Tcp: A\nTcp: 18446744073709551616\n"),
            "/proc/net/snmp line 2: not a number of 64 bits: '18446744073709551616'");
  EXPECT_EQ(ErrorOf("Tcp: A\nTcp: -9223372036854775809\n"),
            "/proc/net/snmp line 2: not a number of 64 bits: '-9223372036854775809'");
  EXPECT_EQ(ErrorOf("Tcp A\nTcp 1\n"),
            "/proc/net/snmp line 1: no group at the start of a line: 'Tcp A'");
  EXPECT_EQ(ErrorOf("Tcp: \xc3\x28\nTcp: 1\n"), "/proc/net/snmp line 1: not a name: '\\xc3('");
  EXPECT_EQ(ErrorOf("Tcp: A A\nTcp: 1 2\n"), "/proc/net/snmp: a field twice: 'Tcp A'");
  EXPECT_EQ(ErrorOf("Tcp: A\nTcp: 1\n\n\n"),
            "/proc/net/snmp line 3: no group at the start of a line: ''");
}

TEST(HeaderPairs, RefusesAFieldTwiceAsOftenAsItComes) {
  FieldValues parsed;
  EXPECT_FALSE(ParseHeaderPairs("Tcp: A A\nTcp: 1 2\n", kPath, parsed));
  EXPECT_FALSE(ParseHeaderPairs("Tcp: A A\nTcp: 1 2\n", kPath, parsed));
}

TEST(HeaderPairs, ReadsTheLastLineWithoutItsNewline) {
  FieldValues parsed;
  ASSERT_TRUE(ParseHeaderPairs("MPTcpExt: A B\nMPTcpExt: 0 0", kPath, parsed));
  EXPECT_EQ(parsed.values.size(), 2u);
}

TEST(HeaderPairs, SurvivesTruncationOfARealFileAtEveryByte) {
  const auto text =
      ReadFile(NETSTACK_SOURCE_DIR "/collectors/protocols/fixtures/linux-6.18/proc/net/netstat");
  ASSERT_TRUE(text);
  FieldValues parsed;
  ASSERT_TRUE(ParseHeaderPairs(*text, kPath, parsed));
  const std::size_t whole = parsed.values.size();
  for (std::size_t size = 0; size < text->size(); ++size) {
    if (ParseHeaderPairs(std::string_view(*text).substr(0, size), kPath, parsed)) {
      EXPECT_EQ(parsed.values.size(), parsed.fields.size());
      EXPECT_LE(parsed.values.size(), whole);
    }
  }
  ASSERT_TRUE(ParseHeaderPairs(*text, kPath, parsed));
  EXPECT_EQ(parsed.values.size(), whole);
}

}  // namespace
}  // namespace netstack::protocols
