#include "collectors/protocols/snmp6.h"

#include <gtest/gtest.h>

#include <string>

#include "kernel/file.h"

namespace netstack::protocols {
namespace {

constexpr std::string_view kThreeGroups =
    "Ip6InReceives                   \t18446744073709551615\n"
    "Icmp6InType134                  \t2\n"
    "UdpLite6InErrors                \t3\n"
    "ifIndex                         \t4\n";

std::string ErrorOf(std::string_view text) {
  FieldValues parsed;
  const Status status = ParseSnmp6(text, parsed);
  return status ? "" : status.error().Describe();
}

TEST(Snmp6, CutsEachNameBehindItsGroup) {
  FieldValues parsed;
  ASSERT_TRUE(ParseSnmp6(kThreeGroups, parsed));
  EXPECT_EQ(parsed.fields, (std::vector<Field>{{"Ip6", "InReceives"},
                                               {"Icmp6", "InType134"},
                                               {"UdpLite6", "InErrors"},
                                               {"snmp6", "ifIndex"}}));
  EXPECT_EQ(parsed.values,
            (std::vector<FieldValue>{{.bits = UINT64_MAX}, {.bits = 2}, {.bits = 3}, {.bits = 4}}));
}

TEST(Snmp6, TakesUpNamesThatComeAndGo) {
  FieldValues parsed;
  ASSERT_TRUE(ParseSnmp6("Ip6A 1\nIp6B 2\nIp6C 3\n", parsed));
  const std::uint64_t layout = parsed.layout;
  ASSERT_TRUE(ParseSnmp6("Ip6A 4\nIp6B 5\nIp6C 6\n", parsed));
  EXPECT_EQ(parsed.layout, layout);
  ASSERT_TRUE(ParseSnmp6("Ip6A 7\nIp6X 8\nIp6B 9\nIp6C 10\n", parsed));
  EXPECT_GT(parsed.layout, layout);
  EXPECT_EQ(parsed.fields,
            (std::vector<Field>{{"Ip6", "A"}, {"Ip6", "X"}, {"Ip6", "B"}, {"Ip6", "C"}}));
  ASSERT_TRUE(ParseSnmp6("Ip6A 11\n", parsed));
  EXPECT_EQ(parsed.fields, (std::vector<Field>{{"Ip6", "A"}}));
  EXPECT_EQ(parsed.values, (std::vector<FieldValue>{{.bits = 11}}));
}

TEST(Snmp6, NamesPathLineAndItemOfWhatIsWrong) {
  EXPECT_EQ(ErrorOf(""), "/proc/net/snmp6 line 1: empty: ''");
  EXPECT_EQ(ErrorOf("Ip6A 1\nIp6B\n"), "/proc/net/snmp6 line 2: a name without a value: 'Ip6B'");
  EXPECT_EQ(ErrorOf("Ip6A 1 2\n"), "/proc/net/snmp6 line 1: more than one value: '2'");
  EXPECT_EQ(ErrorOf("Ip6A 0x1\n"), "/proc/net/snmp6 line 1: not a number of 64 bits: '0x1'");
  EXPECT_EQ(ErrorOf("Ip6\xff 1\n"), "/proc/net/snmp6 line 1: not a name: 'Ip6\\xff'");
  EXPECT_EQ(ErrorOf("\n"), "/proc/net/snmp6 line 1: not a name: ''");
  EXPECT_EQ(ErrorOf("Ip6A 1\nIp6A 2\n"), "/proc/net/snmp6: a field twice: 'Ip6 A'");
  EXPECT_EQ(ErrorOf(std::string(65, 'a') + " 1\n"),
            "/proc/net/snmp6 line 1: not a name: '" + std::string(40, 'a') + "...'");
}

TEST(Snmp6, RefusesAFieldTwiceAsOftenAsItComes) {
  FieldValues parsed;
  EXPECT_FALSE(ParseSnmp6("Ip6A 1\nIp6A 2\n", parsed));
  EXPECT_FALSE(ParseSnmp6("Ip6A 1\nIp6A 2\n", parsed));
}

TEST(Snmp6, SurvivesTruncationOfARealFileAtEveryByte) {
  const auto text =
      ReadFile(NETSTACK_SOURCE_DIR "/collectors/protocols/fixtures/linux-6.18/proc/net/snmp6");
  ASSERT_TRUE(text);
  FieldValues parsed;
  for (std::size_t size = 0; size < text->size(); ++size) {
    if (ParseSnmp6(std::string_view(*text).substr(0, size), parsed)) {
      EXPECT_EQ(parsed.values.size(), parsed.fields.size());
    }
  }
  ASSERT_TRUE(ParseSnmp6(*text, parsed));
  EXPECT_EQ(parsed.fields.size(), 88u);
}

}  // namespace
}  // namespace netstack::protocols
