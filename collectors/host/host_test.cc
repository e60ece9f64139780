#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

#include "collectors/fixture_host.h"

namespace netstack::host {
extern const CollectorDeclaration kCollector;

namespace {

using testing::ElementsAre;

TEST(Host, SeesTheNetworkOfTheHostByTheSettingsOfTheInitialNamespace) {
  FixtureHost host(kCollector);
  host.Write("proc/sys/net/core/netdev_max_backlog", "1000\n");
  host.Write("proc/sys/net/core/somaxconn", "4096\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(host.Lines(), ElementsAre("netstack_host_network_visible 1"));
}

TEST(Host, SeesOnlyAContainersNetworkWhereThoseSettingsAreMissing) {
  FixtureHost host(kCollector);
  host.Write("proc/sys/net/core/somaxconn", "4096\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(host.Lines(), ElementsAre("netstack_host_network_visible 0"));
}

TEST(Host, SaysNothingWhereNoSettingIsShown) {
  FixtureHost host(kCollector);
  host.Write("proc/stat", "");
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kAbsent);
  EXPECT_EQ(outcome.error->Describe(),
            host.PathOf("proc/sys/net/core/somaxconn") + ": no network settings are shown here");
  EXPECT_THAT(host.Lines(), ElementsAre());
}

TEST(Host, SeesOnlyItsOwnInANewNetworkNamespace) {
  bool entered = false;
  std::vector<std::string> lines;
  std::thread([&] {  // The namespace is the thread's alone and goes with it.
    entered = unshare(CLONE_NEWNET) == 0;
    FixtureHost host(kCollector);
    host.UseTheRealKernel();
    host.Collect();
    lines = host.Lines();
  })
      .join();
  if (!entered) GTEST_SKIP() << "this process may not make a network namespace";
  EXPECT_THAT(lines, ElementsAre("netstack_host_network_visible 0"));
}

}  // namespace
}  // namespace netstack::host
