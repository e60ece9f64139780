// What holds on every host, recorded ones and this one.
#include <gtest/gtest.h>

#include "collectors/catalog.h"
#include "kernel/netlink/netlink.h"
#include "tests/contract/broken_host.h"
#include "tests/golden/catalog_run.h"
#include "tests/oracle/text_page.h"

namespace netstack {
namespace {

// BrokenHost fails a test for what is not declared, or there twice.
TEST(EveryCollector, EmitsOnlyWhatItDeclaresOnEachRecordedHost) {
  for (const char* host : {"linux-5.10", "linux-6.1", "linux-6.12", "linux-6.18", "linux-7.3"}) {
    for (const CollectorDeclaration* collector : Catalog()) {
      SCOPED_TRACE(std::string(host) + " " + std::string(collector->name));
      BrokenHost recorded(*collector, host);
      const Outcome first = recorded.Collect();
      const std::string page = recorded.page();
      EXPECT_EQ(recorded.Collect().state, first.state);
      EXPECT_EQ(recorded.page(), page) << "a second look at the same host";
    }
  }
}

TEST(ThisHost, HasAPageWithoutFault) {
  const auto netlink = MakeKernelNetlinkSource();
  CatalogRun run({.roots = {}, .netlink = *netlink}, {});
  for (int round = 0; round < 3; ++round) {
    const CatalogRound shown = run.Round();
    EXPECT_EQ(ParseTextPage(shown.text).fault, "");
    for (const auto& [collector, state] : shown.states) {
      EXPECT_FALSE(state.starts_with("failed")) << collector << " " << state;
    }
  }
}

}  // namespace
}  // namespace netstack
