#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "collectors/fixture_host.h"
#include "collectors/sockstat/families.h"

namespace netstack::sockstat {

extern const CollectorDeclaration kCollector;

namespace {

using testing::Contains;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr std::string_view kLinux618 = "collectors/sockstat/fixtures/linux-6.18";

// `family`, whose value is this many pages, as a line of the page.
std::string InPages(std::string_view family, std::uint64_t pages) {
  const auto size = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return "netstack_sockstat_" + std::string(family) + " " + std::to_string(pages * size);
}

TEST(Sockstat, SetsDepthsBesideTheirLimitsInOneUnit) {
  FixtureHost host(kCollector, kLinux618);
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(
      host.Lines(),
      UnorderedElementsAre(
          "netstack_sockstat_sockets_used 34", "netstack_sockstat_tcp_inuse{ip_version=\"4\"} 8",
          "netstack_sockstat_tcp_inuse{ip_version=\"6\"} 5", "netstack_sockstat_tcp_orphans 2",
          "netstack_sockstat_tcp_orphans_limit 131072", "netstack_sockstat_tcp_time_wait 50529",
          "netstack_sockstat_tcp_time_wait_limit 131072", "netstack_sockstat_tcp_allocated 13",
          InPages("tcp_memory_bytes", 2812),
          InPages("tcp_memory_limit_bytes{threshold=\"min\"}", 287898),
          InPages("tcp_memory_limit_bytes{threshold=\"pressure\"}", 383867),
          InPages("tcp_memory_limit_bytes{threshold=\"max\"}", 575796),
          "netstack_sockstat_udp_inuse{ip_version=\"4\"} 2",
          "netstack_sockstat_udp_inuse{ip_version=\"6\"} 1", "netstack_sockstat_udp_memory_bytes 0",
          InPages("udp_memory_limit_bytes{threshold=\"min\"}", 575799),
          InPages("udp_memory_limit_bytes{threshold=\"pressure\"}", 767734),
          InPages("udp_memory_limit_bytes{threshold=\"max\"}", 1151598),
          "netstack_sockstat_udp_lite_inuse{ip_version=\"4\"} 0",
          "netstack_sockstat_udp_lite_inuse{ip_version=\"6\"} 0",
          "netstack_sockstat_raw_inuse{ip_version=\"4\"} 2",
          "netstack_sockstat_raw_inuse{ip_version=\"6\"} 1",
          "netstack_sockstat_frag_inuse{ip_version=\"4\"} 5",
          "netstack_sockstat_frag_inuse{ip_version=\"6\"} 0",
          "netstack_sockstat_frag_memory_bytes{ip_version=\"4\"} 5160",
          "netstack_sockstat_frag_memory_bytes{ip_version=\"6\"} 0",
          "netstack_sockstat_frag_memory_limit_bytes{ip_version=\"4\"} 4194304",
          "netstack_sockstat_frag_memory_limit_bytes{ip_version=\"6\"} 4194304"));
}

TEST(Sockstat, GivesMemoryInBytes) {
  FixtureHost host(kCollector);
  host.Write("proc/net/sockstat", "TCP: mem 2\nUDP: mem 3\nFRAG: inuse 1 memory 4\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(host.Lines(),
              UnorderedElementsAre(InPages("tcp_memory_bytes", 2), InPages("udp_memory_bytes", 3),
                                   "netstack_sockstat_frag_inuse{ip_version=\"4\"} 1",
                                   "netstack_sockstat_frag_memory_bytes{ip_version=\"4\"} 4"));
}

TEST(Sockstat, IsWholeInAChildNamespaceWithoutIpv6) {
  FixtureHost host(kCollector, kLinux618);
  for (const std::string_view file :
       {"proc/net/sockstat6", "proc/sys/net/ipv6", "proc/sys/net/ipv4/tcp_mem",
        "proc/sys/net/ipv4/udp_mem", "proc/sys/net/ipv4/tcp_max_orphans"}) {
    host.Remove(file);
  }
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(host.Lines(), Contains(InPages("tcp_memory_bytes", 2812)));
  EXPECT_THAT(host.Lines(), Not(Contains(StartsWith("netstack_sockstat_tcp_memory_limit"))));
  EXPECT_THAT(host.Lines(), Not(Contains(testing::HasSubstr("ip_version=\"6\""))));
}

TEST(Sockstat, LosesOnlyWhatABadLimitHolds) {
  FixtureHost host(kCollector, kLinux618);
  host.Write("proc/sys/net/ipv4/tcp_mem", "1 2\n");
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->what, "not a count: ''");
  EXPECT_THAT(host.Lines(), Not(Contains(StartsWith("netstack_sockstat_tcp_memory_limit"))));
  EXPECT_THAT(host.Lines(),
              Contains(InPages("udp_memory_limit_bytes{threshold=\"max\"}", 1151598)));
}

TEST(Sockstat, LosesOnlyIpv6WhenItsFileIsBad) {
  FixtureHost host(kCollector, kLinux618);
  host.Write("proc/net/sockstat6", "TCP6: inuse 1\nUDP6: inuse x\n");
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->Describe(), "/proc/net/sockstat6 line 2: not a count: 'x'");
  EXPECT_THAT(host.Lines(),
              Not(Contains(StartsWith("netstack_sockstat_tcp_inuse{ip_version=\"6\"}"))));
  EXPECT_THAT(host.Lines(), Contains("netstack_sockstat_tcp_inuse{ip_version=\"4\"} 8"));
}

TEST(Sockstat, SaturatesALimitThatNoMemoryCanReach) {
  FixtureHost host(kCollector, kLinux618);
  host.Write("proc/sys/net/ipv4/tcp_mem", "1 2 9223372036854775807\n");
  host.Collect();
  EXPECT_THAT(host.Lines(), Contains("netstack_sockstat_tcp_memory_limit_bytes{threshold=\"max\"} "
                                     "18446744073709551615"));
}

TEST(Sockstat, TellsAbsentFromFailed) {
  FixtureHost host(kCollector, kLinux618);
  host.Write("proc/net/sockstat", "");
  EXPECT_EQ(host.Collect().state, CollectorState::kFailed);
  host.Remove("proc/net/sockstat");
  EXPECT_EQ(host.Collect().state, CollectorState::kAbsent);
}

}  // namespace
}  // namespace netstack::sockstat
