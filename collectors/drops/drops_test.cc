#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/bpf_fixture.h"
#include "collectors/drops/reason_rows.h"
#include "collectors/fixture_host.h"

namespace netstack::drops {
extern const CollectorDeclaration kCollector;

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Drops, ShowsLossesFromTheStartAndOthersFromTheFirstPacket) {
  FakeBpf bpf;
  bpf.MakeDrops().counts = {{.reason = "SOCKET_RCVBUFF"},
                            {.reason = "NO_SOCKET"},
                            {.reason = "TCP_OLD_DATA", .packets = 7},
                            {.reason = "NOT_SPECIFIED", .packets = 4},
                            {.reason = "BRAND_NEW_REASON", .packets = 1},
                            {.reason = "CPU_BACKLOG", .packets = 12}};
  FixtureHost host(kCollector);
  host.SetBpf(bpf);
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(
      host.Lines(),
      ElementsAre(
          "netstack_skb_drops_total{stage=\"datagram\",class=\"loss\",reason=\"SOCKET_RCVBUFF\"} 0",
          "netstack_skb_drops_total{stage=\"tcp\",class=\"benign\",reason=\"TCP_OLD_DATA\"} 7",
          "netstack_skb_drops_total{class=\"unknown\",reason=\"NOT_SPECIFIED\"} 4",
          "netstack_skb_drops_total{class=\"unknown\",reason=\"BRAND_NEW_REASON\"} 1",
          "netstack_skb_drops_total{stage=\"backlog\",class=\"loss\",reason=\"CPU_BACKLOG\"} 12"));
}

TEST(Drops, ShowsTheDirectionWhereTheDeviceIsKnown) {
  FakeBpf bpf;
  FakeBpf::Drops& drops = bpf.MakeDrops();
  drops.counts = {{.reason = "NETFILTER_DROP", .packets = 9, .received = 5, .sent = 2}};
  FixtureHost host(kCollector);
  host.SetBpf(bpf);
  host.Collect();
  const std::string all =
      "netstack_skb_drops_total{stage=\"netfilter\",class=\"policy\",reason=\"NETFILTER_DROP\"} 9";
  EXPECT_THAT(host.Lines(),
              ElementsAre(all, "netstack_skb_received_drops_total{reason=\"NETFILTER_DROP\"} 5",
                          "netstack_skb_sent_drops_total{reason=\"NETFILTER_DROP\"} 2"));
  drops.knows_namespaces = false;
  host.Collect();
  EXPECT_THAT(host.Lines(), ElementsAre(all));
}

TEST(Drops, FollowsReasonsThatAppearLater) {
  FakeBpf bpf;
  FakeBpf::Drops& drops = bpf.MakeDrops();
  FixtureHost host(kCollector);
  host.SetBpf(bpf);
  drops.counts = {{.reason = "FULL_RING", .packets = 1}, {.reason = "NOMEM", .packets = 2}};
  host.Collect();
  drops.counts.insert(drops.counts.begin(), {.reason = "unknown_3", .packets = 3});
  host.Collect();
  EXPECT_THAT(host.Lines(),
              ElementsAre("netstack_skb_drops_total{class=\"unknown\",reason=\"unknown_3\"} 3",
                          "netstack_skb_drops_total{stage=\"ring\",class=\"loss\","
                          "reason=\"FULL_RING\"} 1",
                          "netstack_skb_drops_total{class=\"loss\",reason=\"NOMEM\"} 2"));
}

TEST(Drops, AreAbsentWithoutAProgram) {
  FakeBpf bpf;
  FixtureHost host(kCollector);
  EXPECT_EQ(host.Collect().state, CollectorState::kAbsent);
  FixtureHost with_bpf(kCollector);
  with_bpf.SetBpf(bpf);
  EXPECT_EQ(with_bpf.Collect().state, CollectorState::kAbsent);
  EXPECT_THAT(with_bpf.Lines(), IsEmpty());
}

TEST(ReasonRows, KnowAReasonByItsName) {
  EXPECT_EQ(RowOf("NETFILTER_DROP").stage, Stage::kNetfilter);
  EXPECT_EQ(Slug(RowOf("NETFILTER_DROP").meaning), "policy");
  EXPECT_EQ(Slug(RowOf("TCP_CSUM").meaning), "error");
  EXPECT_EQ(RowOf("unknown_200").meaning, Meaning::kUnknown);
}

}  // namespace
}  // namespace netstack::drops
