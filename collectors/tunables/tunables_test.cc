#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <thread>

#include "collectors/fixture_host.h"
#include "collectors/tunables/tunable.h"

namespace netstack::tunables {
extern const CollectorDeclaration kCollector;

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

constexpr std::string_view kFixture = "collectors/tunables/fixtures/linux-6.18";
constexpr std::size_t kMaxSeries = 170;  // What the default page has room for.

std::vector<Tunable> AllTunables() {
  std::vector<Tunable> all;
  for (const auto table : {CoreTunables(), IpTunables(), NetfilterTunables(), UdpTunables(),
                           TcpInTunables(), TcpOutTunables()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

std::string FileOf(std::string_view key) {
  std::string path = "/proc/sys/" + std::string(key);
  std::replace(path.begin() + 10, path.end(), '.', '/');
  return path;
}

TEST(TunableTables, NameEachSettingOnceWithAStageAndAUnit) {
  std::set<std::string_view> keys;
  std::size_t series = 0;
  for (const Tunable& tunable : AllTunables()) {
    EXPECT_TRUE(keys.insert(tunable.key).second) << tunable.key << " is there twice";
    EXPECT_NE(tunable.stage, Stage::kNone) << tunable.key;
    EXPECT_TRUE(IsOnPath(tunable.path, tunable.stage)) << tunable.key;
    EXPECT_EQ(tunable.unit.empty(), FieldsOf(tunable.layout).empty()) << tunable.key;
    EXPECT_TRUE(tunable.governs.ends_with(".")) << tunable.key;
    EXPECT_LE(tunable.governs.size(), 100u) << tunable.key;
    series += FieldsOf(tunable.layout).size() + (HasText(tunable.layout) ? 1 : 0);
  }
  EXPECT_LE(series, kMaxSeries);
}

TEST(Tunables, ShowsEachLayoutOfAFixture) {
  FixtureHost host(kCollector, kFixture);
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(
      host.Lines(),
      ElementsAre(
          R"(netstack_tunable{path="receive",stage="backlog",name="net.core.netdev_max_backlog",field="current",unit="packets"} 1000)",
          R"(netstack_tunable{path="receive",stage="backlog",name="net.core.flow_limit_cpu_bitmap",field="current",unit="cpus"} 0)",
          R"(netstack_tunable{path="transmit",stage="ip",name="net.ipv4.ip_local_port_range",field="min",unit="port"} 32768)",
          R"(netstack_tunable{path="transmit",stage="ip",name="net.ipv4.ip_local_port_range",field="max",unit="port"} 60999)",
          R"(netstack_tunable{path="receive",stage="netfilter",name="net.netfilter.nf_conntrack_max",field="current",unit="entries"} 262144)",
          R"(netstack_tunable{path="receive",stage="tcp",name="net.ipv4.tcp_rmem",field="min",unit="bytes"} 4096)",
          R"(netstack_tunable{path="receive",stage="tcp",name="net.ipv4.tcp_rmem",field="default",unit="bytes"} 131072)",
          R"(netstack_tunable{path="receive",stage="tcp",name="net.ipv4.tcp_rmem",field="max",unit="bytes"} 33554432)",
          R"(netstack_tunable{path="receive",stage="tcp",name="net.ipv4.tcp_mem",field="min",unit="pages"} 287898)",
          R"(netstack_tunable{path="receive",stage="tcp",name="net.ipv4.tcp_mem",field="pressure",unit="pages"} 383867)",
          R"(netstack_tunable{path="receive",stage="tcp",name="net.ipv4.tcp_mem",field="max",unit="pages"} 575796)",
          R"(netstack_tunable{path="receive",stage="tcp",name="net.ipv4.tcp_fin_timeout",field="current",unit="seconds"} 60)",
          R"(netstack_tunable{path="transmit",stage="socket",name="net.ipv4.tcp_notsent_lowat",field="current",unit="bytes"} 4294967295)",
          R"(netstack_tunable_info{path="receive",stage="backlog",name="net.core.flow_limit_cpu_bitmap",field="current",value="0"} 1)",
          R"(netstack_tunable_info{path="transmit",stage="qdisc",name="net.core.default_qdisc",field="current",value="pfifo_fast"} 1)",
          R"(netstack_tunable_info{path="transmit",stage="tcp",name="net.ipv4.tcp_available_congestion_control",field="current",value="reno bbr cubic"} 1)"));
}

TEST(Tunables, ShowsANegativeNumber) {
  FixtureHost host(kCollector);
  host.Write("proc/sys/net/ipv4/tcp_adv_win_scale", "-2\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(
      host.Lines(),
      ElementsAre(
          R"(netstack_tunable{path="receive",stage="tcp",name="net.ipv4.tcp_adv_win_scale",field="current",unit="shift"} -2)"));
}

TEST(Tunables, ShowsAChangeAtTheNextRound) {
  FixtureHost host(kCollector);
  host.Write("proc/sys/net/core/somaxconn", "4096\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  host.Write("proc/sys/net/core/somaxconn", "8192\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(
      host.Lines(),
      ElementsAre(
          R"(netstack_tunable{path="receive",stage="listen",name="net.core.somaxconn",field="current",unit="connections"} 8192)"));
}

TEST(Tunables, IsAbsentWhereThereIsNoSetting) {
  FixtureHost host(kCollector);
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kAbsent);
  EXPECT_EQ(outcome.error->Describe(),
            host.PathOf("proc/sys") + ": none of the known settings is there");
}

TEST(Tunables, LosesOnlyTheSettingThatIsMalformed) {
  FixtureHost host(kCollector);
  host.Write("proc/sys/net/core/somaxconn", "4096\n");
  host.Write("proc/sys/net/core/netdev_budget", "many\n");
  host.Write("proc/sys/net/ipv4/tcp_rmem", "1 2\n");
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  EXPECT_EQ(outcome.error->Describe(),
            host.PathOf("proc/sys/net/core/netdev_budget") + " line 1: not a whole number: 'many'");
  EXPECT_EQ(host.samples().size(), 1u);
}

TEST(Tunables, FailsWhenAllThatIsThereIsMalformed) {
  FixtureHost host(kCollector);
  host.Write("proc/sys/net/core/somaxconn", "");
  EXPECT_EQ(host.Collect().state, CollectorState::kFailed);
}

// Root may read anything in a fixture, so the refusal is that of a directory in the file's place.
TEST(Tunables, LosesOnlyTheSettingThatCannotBeRead) {
  FixtureHost host(kCollector);
  host.Write("proc/sys/net/core/somaxconn", "4096\n");
  host.Write("proc/sys/net/core/netdev_budget/in_the_way", "");
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  EXPECT_EQ(outcome.error->path, host.PathOf("proc/sys/net/core/netdev_budget"));
  EXPECT_EQ(host.samples().size(), 1u);
  EXPECT_EQ(host.Collect().state, CollectorState::kPartial) << "every round says so";
}

TEST(Tunables, FindsTheSettingsOfAModuleThatIsLoadedLater) {
  FixtureHost host(kCollector, kFixture);
  ASSERT_EQ(host.Collect().state, CollectorState::kOk);
  const std::string line =
      R"(netstack_tunable{path="receive",stage="netfilter",name="net.netfilter.nf_conntrack_buckets",field="current",unit="entries"} 65536)";
  EXPECT_THAT(host.Lines(), Not(Contains(line)));
  host.Write("proc/sys/net/netfilter/nf_conntrack_buckets", "65536\n");
  for (std::size_t round = 0; round < AllTunables().size(); ++round) host.Collect();
  EXPECT_THAT(host.Lines(), Contains(line));
}

TEST(Tunables, ForgetsTheSettingsOfAModuleThatIsUnloaded) {
  FixtureHost host(kCollector, kFixture);
  ASSERT_EQ(host.Collect().state, CollectorState::kOk);
  const std::size_t before = host.samples().size();
  host.Remove("proc/sys/net/netfilter");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_EQ(host.samples().size(), before - 1);
}

// Written another way than the collector's: with streams, from this kernel's own files.
TEST(Tunables, AgreesWithTheFilesOfThisKernel) {
  FixtureHost host(kCollector);
  host.UseTheRealKernel();
  ASSERT_EQ(host.Collect().state, CollectorState::kOk);
  std::vector<std::string> expected;
  for (const Tunable& tunable : AllTunables()) {
    std::ifstream file(FileOf(tunable.key));
    if (HasText(tunable.layout)) continue;
    for (const std::string_view field : FieldsOf(tunable.layout)) {
      std::string value;
      if (!(file >> value)) break;
      expected.push_back("netstack_tunable{path=\"" + std::string(Slug(tunable.path)) +
                         "\",stage=\"" + std::string(Slug(tunable.stage)) + "\",name=\"" +
                         std::string(tunable.key) + "\",field=\"" + std::string(field) +
                         "\",unit=\"" + std::string(tunable.unit) + "\"} " + value);
    }
  }
  EXPECT_THAT(host.Lines(), IsSupersetOf(expected));
  EXPECT_GE(expected.size(), 20u);
}

// A setting of the host can be changed from no other network namespace.
TEST(TunableTables, CallNothingTheHostsThatAnotherNamespaceMayChange) {
  bool entered = false;
  std::vector<std::string_view> changeable;
  std::thread([&] {  // The namespace is the thread's alone and goes with it.
    entered = unshare(CLONE_NEWNET) == 0;
    for (const Tunable& tunable : AllTunables()) {
      if (!tunable.key.starts_with("net.")) continue;
      struct stat info = {};
      if (stat(FileOf(tunable.key).c_str(), &info) != 0 || (info.st_mode & S_IWUSR) == 0) continue;
      if (tunable.scope == Scope::kHost) changeable.push_back(tunable.key);
    }
  })
      .join();
  if (!entered) GTEST_SKIP() << "this process may not make a network namespace";
  EXPECT_THAT(changeable, ElementsAre());
}

}  // namespace
}  // namespace netstack::tunables
