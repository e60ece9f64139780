#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "collectors/fixture_host.h"
#include "collectors/protocols/families.h"

namespace netstack::protocols {

extern const CollectorDeclaration kCollector;

namespace {

using testing::Contains;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr std::string_view kLinux618 = "collectors/protocols/fixtures/linux-6.18";

std::size_t Shown(const FixtureHost& host) {
  std::size_t shown = 0;
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    host.samples().ForEach(i, [&](const Samples::View& sample) {
      if (sample.visibility() == Visibility::kEverywhere) ++shown;
    });
  }
  return shown;
}

TEST(Protocols, KnowsEveryFieldOfLinux618) {
  FixtureHost host(kCollector, kLinux618);
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_FALSE(host.samples().Has(kUnknownField));
  EXPECT_EQ(host.samples().size(), 401u);  // As many as the three files have names.
}

TEST(Protocols, GivesTheNumbersOfBothIpVersions) {
  FixtureHost host(kCollector, kLinux618);
  host.Collect();
  EXPECT_THAT(host.Lines(),
              IsSupersetOf({"netstack_ip_forwarding{ip_version=\"4\"} 2",
                            "netstack_ip_in_receives_total{ip_version=\"4\"} 122",
                            "netstack_ip_in_receives_total{ip_version=\"6\"} 106",
                            "netstack_ip_ext_in_octets_total 103970",
                            "netstack_ip_in_octets_total{ip_version=\"6\"} 105238",
                            "netstack_udp_rcvbuf_errors_total{ip_version=\"4\"} 97",
                            "netstack_udp_rcvbuf_errors_total{ip_version=\"6\"} 97",
                            "netstack_tcp_max_conn -1", "netstack_tcp_retrans_segs_total 3",
                            "netstack_tcp_ext_listen_overflows_total 6"}));
}

TEST(Protocols, ShowsTheTierAskedForAndHidesTheRest) {
  std::map<std::string_view, std::size_t> shown;
  for (const std::string_view tier : {"core", "extended", "all"}) {
    FixtureHost host(kCollector, kLinux618);
    host.SetOption("tier", tier);
    host.Collect();
    shown[tier] = Shown(host);
    EXPECT_EQ(host.samples().size(), 401u);
  }
  EXPECT_LE(shown["core"], 100u);
  EXPECT_LE(shown["extended"], 300u);
  EXPECT_LT(shown["core"], shown["extended"]);
  EXPECT_EQ(shown["all"], 401u);
}

TEST(Protocols, ShowsTheExtendedTierUnlessToldOtherwise) {
  FixtureHost by_default(kCollector, kLinux618);
  by_default.Collect();
  FixtureHost extended(kCollector, kLinux618);
  extended.SetOption("tier", "extended");
  extended.Collect();
  EXPECT_EQ(Shown(by_default), Shown(extended));
}

TEST(Protocols, ShowsAFieldItDoesNotKnowUnderTheKernelsName) {
  FixtureHost host(kCollector);
  host.SetOption("tier", "core");
  host.Write("proc/net/snmp", "Tcp: InSegs NewThing Signed\nTcp: 5 6 -7\nNew: A\nNew: 8\n");
  host.Write("proc/net/netstat", "TcpExt: TW\nTcpExt: 1\n");
  host.Write("proc/net/snmp6", "Udp6New \t9\nifIndex 10\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(host.Lines(),
              UnorderedElementsAre(
                  "netstack_tcp_in_segs_total 5", "netstack_tcp_ext_tw_total 1",
                  "netstack_protocol_unknown_field_total{group=\"Tcp\",field=\"NewThing\"} 6",
                  "netstack_protocol_unknown_field_total{group=\"New\",field=\"A\"} 8",
                  "netstack_protocol_unknown_field_total{group=\"Udp6\",field=\"New\"} 9",
                  "netstack_protocol_unknown_field_total{group=\"snmp6\",field=\"ifIndex\"} 10"));
  EXPECT_EQ(Shown(host), 5u);  // TW is not of the core.
}

TEST(Protocols, ConvertsUnitsAndReadsGaugesWithTheirSign) {
  FixtureHost host(kCollector);
  host.Write("proc/net/snmp",
             "Tcp: RtoMin RtoMax MaxConn CurrEstab InSegs\n"
             "Tcp: 250 120000 -1 18446744073709551614 18446744073709551615\n"
             "IcmpMsg: InType3 OutType8\nIcmpMsg: 1 2\n");
  host.Write("proc/net/netstat", "TcpExt: TCPMemoryPressuresChrono\nTcpExt: 1500\n");
  host.Write("proc/net/snmp6", "Icmp6InType134 3\nIp6InOctets 4\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(
      host.Lines(),
      UnorderedElementsAre("netstack_tcp_rto_min_seconds 0.25", "netstack_tcp_rto_max_seconds 120",
                           "netstack_tcp_max_conn -1", "netstack_tcp_curr_estab -2",
                           "netstack_tcp_in_segs_total 18446744073709551615",
                           "netstack_icmp_msg_in_type_total{ip_version=\"4\",icmp_type=\"3\"} 1",
                           "netstack_icmp_msg_out_type_total{ip_version=\"4\",icmp_type=\"8\"} 2",
                           "netstack_icmp_msg_in_type_total{ip_version=\"6\",icmp_type=\"134\"} 3",
                           "netstack_ip_in_octets_total{ip_version=\"6\"} 4",
                           "netstack_tcp_ext_tcp_memory_pressures_chrono_seconds_total 1.5"));
}

TEST(Protocols, IsWholeWithoutIpv6) {
  FixtureHost host(kCollector, kLinux618);
  host.Remove("proc/net/snmp6");
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kOk);
  EXPECT_FALSE(outcome.error);
}

TEST(Protocols, LosesOnlyTheSeriesOfABadFile) {
  FixtureHost host(kCollector, kLinux618);
  host.Write("proc/net/netstat", "TcpExt: TW TWKilled\nTcpExt: 1\n");
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->Describe(),
            "/proc/net/netstat line 2: fewer values than names: 'TcpExt:'");
  EXPECT_THAT(host.Lines(), Contains("netstack_tcp_retrans_segs_total 3"));
  EXPECT_THAT(host.Lines(), Contains("netstack_udp_in_errors_total{ip_version=\"6\"} 97"));
  EXPECT_THAT(host.Lines(), Not(Contains(StartsWith("netstack_tcp_ext_"))));
}

TEST(Protocols, RefusesAKnownCountBelowZero) {
  FixtureHost host(kCollector, kLinux618);
  host.Write("proc/net/netstat", "TcpExt: TW ListenDrops\nTcpExt: 1 -1\n");
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->what, "a count below zero: 'TcpExt ListenDrops'");
  EXPECT_THAT(host.Lines(), Not(Contains(StartsWith("netstack_tcp_ext_"))));
}

TEST(Protocols, TellsAbsentFromFailed) {
  EXPECT_EQ(FixtureHost(kCollector).Collect().state, CollectorState::kAbsent);
  FixtureHost host(kCollector);
  host.Write("proc/net/snmp", "");
  host.Write("proc/net/netstat", "?");
  EXPECT_EQ(host.Collect().state, CollectorState::kFailed);
}

TEST(Protocols, FollowsAFileWhoseNamesChange) {
  FixtureHost host(kCollector);
  host.Write("proc/net/netstat", "TcpExt: TW\nTcpExt: 1\n");
  host.Write("proc/net/snmp", "Tcp: InSegs OutSegs\nTcp: 1 2\n");
  host.Collect();
  host.Write("proc/net/snmp", "Tcp: OutSegs\nTcp: 3\nIcmpMsg: InType0\nIcmpMsg: 4\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(
      host.Lines(),
      UnorderedElementsAre("netstack_tcp_out_segs_total 3", "netstack_tcp_ext_tw_total 1",
                           "netstack_icmp_msg_in_type_total{ip_version=\"4\",icmp_type=\"0\"} 4"));
}

}  // namespace
}  // namespace netstack::protocols
