#include "collectors/protocols/field_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string>

#include "collectors/protocols/families.h"
#include "collectors/protocols/header_pairs.h"
#include "collectors/protocols/snmp6.h"
#include "kernel/file.h"

namespace netstack::protocols {
namespace {

std::optional<FieldMatch> FindField(std::string_view group, std::string_view name) {
  return FieldMap(kKnownFamilies).Find(group, name);
}

std::string_view FamilyOf(std::string_view group, std::string_view name) {
  const auto match = FindField(group, name);
  return match ? kFamilies[match->family].name : "";
}

TEST(FieldMap, FindsFieldsByGroupAndName) {
  EXPECT_EQ(FamilyOf("TcpExt", "ListenOverflows"), "netstack_tcp_ext_listen_overflows_total");
  EXPECT_EQ(FamilyOf("TcpExt", "TCPBacklogDrop"), "netstack_tcp_ext_tcp_backlog_drop_total");
  EXPECT_EQ(FamilyOf("IpExt", "InECT0Pkts"), "netstack_ip_ext_in_ect0_pkts_total");
  EXPECT_EQ(FamilyOf("Tcp", "InErrs"), "netstack_tcp_in_errs_total");
  EXPECT_EQ(FamilyOf("Udp", "InErrors"), "netstack_udp_in_errors_total");
  EXPECT_EQ(FamilyOf("UdpLite", "InErrors"), "netstack_udp_lite_in_errors_total");
  EXPECT_EQ(FamilyOf("Tcp", "CurrEstab"), "netstack_tcp_curr_estab");
}

TEST(FieldMap, TellsTheIpVersionFromTheGroup) {
  const auto v4 = FindField("Udp", "RcvbufErrors");
  const auto v6 = FindField("Udp6", "RcvbufErrors");
  ASSERT_TRUE(v4 && v6);
  EXPECT_EQ(*v6, (FieldMatch{.family = v4->family, .ip_version = "6"}));
  EXPECT_EQ(v4->ip_version, "4");
}

TEST(FieldMap, TakesTheNumberOffAnIcmpType) {
  const auto in = FindField("Icmp6", "InType134");
  ASSERT_TRUE(in);
  EXPECT_EQ(kFamilies[in->family].name, "netstack_icmp_msg_in_type_total");
  EXPECT_EQ(in->ip_version, "6");
  EXPECT_EQ(in->icmp_type, "134");
  const auto out = FindField("IcmpMsg", "OutType3");
  ASSERT_TRUE(out);
  EXPECT_EQ(kFamilies[out->family].name, "netstack_icmp_msg_out_type_total");
  EXPECT_EQ(out->icmp_type, "3");
}

class GoldenHosts : public testing::TestWithParam<std::string_view> {};

TEST_P(GoldenHosts, HaveNoFieldThatIsNotKnown) {
  const FieldMap map(kKnownFamilies);
  const std::string net =
      std::string(NETSTACK_SOURCE_DIR "/tests/hosts/") + std::string(GetParam()) + "/proc/net/";
  for (const std::string_view name : {"snmp", "netstat", "snmp6"}) {
    const auto text = ReadFile(net + std::string(name));
    ASSERT_TRUE(text) << text.error().Describe();
    FieldValues parsed;
    const Status status =
        name == "snmp6" ? ParseSnmp6(*text, parsed) : ParseHeaderPairs(*text, name, parsed);
    ASSERT_TRUE(status) << status.error().Describe();
    EXPECT_GT(parsed.fields.size(), 70u);
    for (const Field& field : parsed.fields) {
      EXPECT_TRUE(map.Find(field.group, field.name)) << field.group << " " << field.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OfAllKernels, GoldenHosts,
                         testing::Values("linux-5.10", "linux-6.1", "linux-6.12", "linux-6.18",
                                         "linux-7.3"));

TEST(FieldMap, DoesNotGuess) {
  EXPECT_FALSE(FindField("TcpExt", "ListenOverflow"));
  EXPECT_FALSE(FindField("Tcp", "ListenOverflows"));
  EXPECT_FALSE(FindField("IcmpMsg", "InType"));
  EXPECT_FALSE(FindField("Tcp", "InType3"));
  EXPECT_FALSE(FindField("", ""));
  EXPECT_FALSE(FindField("snmp6", "ifIndex"));
}

// Reads the sources once more, another way: of two families that claim one field, one loses.
TEST(FieldMap, GivesEachFamilyTheFieldsOfItsSource) {
  const FieldMap map(kKnownFamilies);
  for (std::size_t i = 0; i < kUnknownField; ++i) {
    std::istringstream parts{std::string(kFamilies[i].source)};
    for (std::string part; std::getline(parts, part, ';');) {
      std::istringstream words(part.substr(0, part.find(',')));
      std::string file, group, name;
      words >> file >> group >> name;
      if (file == "/proc/net/snmp6") {
        name = group.substr(group.find('6') + 1);
        group.resize(group.find('6') + 1);
      }
      const auto match = map.Find(group, name);
      ASSERT_TRUE(match) << part;
      EXPECT_EQ(match->family, i) << part;
    }
  }
}

// The field's letters are the family's: who knows the kernel's name can search for it.
TEST(FieldMap, NamesFamiliesAfterTheirFields) {
  for (std::size_t i = 0; i < kUnknownField; ++i) {
    const Family& family = kFamilies[i];
    std::string letters;
    std::ranges::copy_if(family.name, std::back_inserter(letters), [](char c) { return c != '_'; });
    std::string_view field = family.source.substr(0, family.source.find_first_of(",;"));
    field.remove_prefix(field.rfind(' ') + 1);
    if (const auto six = field.find('6'); family.source.starts_with("/proc/net/snmp6 ")) {
      field.remove_prefix(six + 1);
    }
    std::string expected;
    for (const char c : field) {
      if (c != '*') expected += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    if (family.name.find("_seconds") != std::string_view::npos) expected += "seconds";
    if (family.type == MetricType::kCounter) expected += "total";
    EXPECT_TRUE(letters.ends_with(expected)) << family.name << " of " << family.source;
  }
}

// A drop or a pressure that says nothing more than its name helps nobody.
TEST(FieldMap, TellsWhatToDoAboutTheCountersOfTheCoreTier) {
  for (const Family& family : kFamilies) {
    const bool alarming = family.role == Role::kDrop || family.role == Role::kPressure;
    if (family.tier == Tier::kCore && alarming) {
      EXPECT_FALSE(family.reading.empty()) << family.name;
    }
  }
}

}  // namespace
}  // namespace netstack::protocols
