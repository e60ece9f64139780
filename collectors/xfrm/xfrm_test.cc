#include <gtest/gtest.h>

#include <algorithm>

#include "collectors/catalog.h"
#include "collectors/fixture_host.h"
#include "collectors/xfrm/families.h"
#include "collectors/xfrm/xfrm_stat.h"

namespace netstack::xfrm {

extern const CollectorDeclaration kCollector;

namespace {

using Direction = Counter::Direction;

constexpr std::string_view kText =
    "XfrmInError             \t0\n"
    "XfrmInStateSeqError     \t7\n"
    "XfrmOutPolBlock         \t5\n"
    "XfrmFwdHdrError         \t1\n"
    "XfrmAcquireError        \t2\n"
    "XfrmWormhole            \t3\n";

XfrmStat Expected() {
  return {{{"XfrmInError", Direction::kReceive, "error", 0},
           {"XfrmInStateSeqError", Direction::kReceive, "state_seq_error", 7},
           {"XfrmOutPolBlock", Direction::kTransmit, "pol_block", 5},
           {"XfrmFwdHdrError", Direction::kReceive, "fwd_hdr_error", 1},
           {"XfrmAcquireError", Direction::kAcquire, "", 2},
           {"XfrmWormhole", Direction::kOther, "xfrm_wormhole", 3}}};
}

TEST(XfrmStat, ReadsDirectionAndCause) {
  XfrmStat stat = {{{}, {}, {}, {}, {}, {}, {}, {"LeftOver", Direction::kOther, "left over", 9}}};
  ASSERT_TRUE(ParseXfrmStat(kText, stat));
  EXPECT_EQ(stat, Expected());
}

TEST(XfrmStat, NamesWhatIsWrong) {
  XfrmStat stat;
  EXPECT_EQ(ParseXfrmStat("XfrmInError 0\nXfrmOutError x\n", stat).error().Describe(),
            "/proc/net/xfrm_stat line 2: not a number: 'x'");
  EXPECT_EQ(ParseXfrmStat("XfrmInError\n", stat).error().Describe(),
            "/proc/net/xfrm_stat line 1: a name without number: 'XfrmInError'");
  EXPECT_EQ(
      ParseXfrmStat("XfrmInError 1\nXfrmOutError 1\nXfrmInError 2\n", stat).error().Describe(),
      "/proc/net/xfrm_stat line 3: told twice: 'XfrmInError'");
  EXPECT_FALSE(ParseXfrmStat("XfrmAcquireError 1\nXfrmAcquireErrors 1\n", stat));
  EXPECT_FALSE(ParseXfrmStat("Xfrm\xff 1\n", stat));
  EXPECT_FALSE(ParseXfrmStat("", stat));
}

TEST(XfrmStat, SurvivesTruncationAtEveryByte) {
  const XfrmStat whole = Expected();
  for (std::size_t size = 0; size < kText.size(); ++size) {
    XfrmStat stat;
    if (!ParseXfrmStat(kText.substr(0, size), stat)) continue;
    EXPECT_LE(stat.counters.size(), whole.counters.size());
  }
}

TEST(XfrmCollector, ShowsWhatARealKernelCounted) {
  FixtureHost host(kCollector, "collectors/xfrm/fixtures/linux-6.18");
  ASSERT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_EQ(host.ShownLines(),
            (std::vector<std::string>{R"(netstack_xfrm_transmit_errors_total{cause="no_states"} 3)",
                                      R"(netstack_xfrm_transmit_errors_total{cause="pol_block"} 5)",
                                      "netstack_xfrm_acquire_errors_total 0"}));
  EXPECT_GT(host.Lines().size(), host.ShownLines().size()) << "the ledger has the others, too";
}

TEST(XfrmCollector, ShowsWhatNeverHappenedOnRequest) {
  FixtureHost host(kCollector, "collectors/xfrm/fixtures/linux-6.18");
  host.SetOption("zeros", "true");
  ASSERT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_EQ(host.ShownLines(), host.Lines());
  EXPECT_GT(host.Lines().size(), 25u);
}

TEST(XfrmCollector, IsAbsentWhereTheKernelHasNoIpsec) {
  FixtureHost host(kCollector);
  EXPECT_EQ(host.Collect().state, CollectorState::kAbsent);
  EXPECT_EQ(std::count(Catalog().begin(), Catalog().end(), &kCollector), 1);
}

}  // namespace
}  // namespace netstack::xfrm
