#include <gtest/gtest.h>

#include <algorithm>

#include "collectors/catalog.h"
#include "collectors/conntrack/families.h"
#include "collectors/fixture_host.h"

namespace netstack::conntrack {

extern const CollectorDeclaration kCollector;

namespace {

using PageLines = std::vector<std::string>;

constexpr std::string_view kStat = "proc/net/stat/nf_conntrack";
constexpr const char* kFromProc = "netstack_conntrack_source_info{source=\"proc\"} 1";
constexpr std::string_view kCount = "proc/sys/net/netfilter/nf_conntrack_count";

class ConntrackTest : public testing::Test {
 protected:
  FixtureHost host_{kCollector};
};

TEST_F(ConntrackTest, IsAbsentWithoutTheModule) {
  EXPECT_EQ(host_.Collect().state, CollectorState::kAbsent);
  EXPECT_EQ(host_.Lines(), PageLines{});
}

TEST_F(ConntrackTest, ShowsTheTableWhereTheKernelHasNoStatistics) {
  host_.Write(kCount, "17\n");
  host_.Write("proc/sys/net/netfilter/nf_conntrack_max", "262144\n");
  EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
  EXPECT_EQ(host_.Lines(), (PageLines{"netstack_conntrack_entries 17",
                                      "netstack_conntrack_entries_limit 262144"}));
}

TEST_F(ConntrackTest, WrapsASumAsItsPartsDo) {
  host_.Write(kStat, "entries drop\n00000001 ffffffff\n00000001 00000002\n");
  EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
  EXPECT_EQ(host_.Lines(), (PageLines{"netstack_conntrack_drops_total 1", kFromProc}));
}

TEST_F(ConntrackTest, LeavesOutWhatIsZeroForEver) {
  host_.Write(kStat, "entries new ignore invalid\n1 0 5 0\n");
  host_.Collect();
  EXPECT_EQ(host_.Lines(), (PageLines{"netstack_conntrack_invalid_total 0",
                                      "netstack_conntrack_ignored_total 5", kFromProc}));
}

TEST_F(ConntrackTest, KeepsTheTableWhenTheStatisticsAreDamaged) {
  host_.Write(kCount, "17\n");
  host_.Write(kStat, "entries drop\n1 zz\n");
  EXPECT_EQ(host_.Collect().state, CollectorState::kPartial);
  EXPECT_EQ(host_.Lines(), PageLines{"netstack_conntrack_entries 17"});
  host_.Write(kCount, "many\n");
  EXPECT_EQ(host_.Collect().state, CollectorState::kFailed);
}

struct Full {
  const char* host;
  const char* drops;
  const char* early_drops;
  bool knows_chain_too_long;
};

class FullTable : public testing::TestWithParam<Full> {};

TEST_P(FullTable, AccountsForEveryConnection) {
  FixtureHost host(kCollector, std::string("collectors/conntrack/fixtures/") + GetParam().host);
  ASSERT_EQ(host.Collect().state, CollectorState::kOk);
  const PageLines lines = host.Lines();
  const auto shows = [&](const std::string& line) {
    return std::count(lines.begin(), lines.end(), "netstack_conntrack_" + line) == 1;
  };
  EXPECT_TRUE(shows("entries 60"));
  EXPECT_TRUE(shows("entries_limit 60"));
  EXPECT_TRUE(shows(std::string("drops_total ") + GetParam().drops));
  EXPECT_TRUE(shows(std::string("early_drops_total ") + GetParam().early_drops));
  EXPECT_EQ(shows("chain_too_long_total 0"), GetParam().knows_chain_too_long);
  EXPECT_TRUE(shows("insert_failures_total 0"));
}

INSTANTIATE_TEST_SUITE_P(OfTwoKernels, FullTable,
                         testing::Values(Full{"full-5.10", "276", "64", false},
                                         Full{"full-6.1", "265", "75", true}));

TEST(ConntrackDeclaration, IsInTheCatalog) {
  EXPECT_EQ(std::count(Catalog().begin(), Catalog().end(), &kCollector), 1);
}

}  // namespace
}  // namespace netstack::conntrack
