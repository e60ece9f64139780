#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/bpf_fixture.h"
#include "collectors/drops/families.h"
#include "collectors/drops/reason_rows.h"
#include "collectors/fixture_host.h"
#include "collectors/link/link_test_host.h"

namespace netstack::drops {
extern const CollectorDeclaration kCollector;

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A host with programs and these devices.
class DropsHost : public FixtureHost {
 public:
  explicit DropsHost(FakeBpf& bpf, const std::vector<link::Made>& devices = {})
      : FixtureHost(kCollector) {
    for (const link::Made& device : devices) netlink_.messages.push_back(link::Message(device));
    UseNetlink(netlink_);
    SetBpf(bpf);
  }
  link::MadeKernel& netlink() { return netlink_; }

 private:
  link::MadeKernel netlink_;
};

const link::Made kCard = {.index = 2, .name = "eth0"};
const link::Made kVlan = {.index = 9, .name = "eth0.5", .kind = "vlan", .lower = 2};
const link::Made kPort = {
    .index = 7, .name = "veth1", .kind = "veth", .lower = 1, .lower_in_other_netns = true};

TEST(Drops, ShowsLossesFromTheStartAndOthersFromTheFirstPacket) {
  FakeBpf bpf;
  bpf.MakeDrops().counts = {{.reason = "SOCKET_RCVBUFF"},
                            {.reason = "NO_SOCKET"},
                            {.reason = "TCP_OLD_DATA", .packets = 7},
                            {.reason = "NOT_SPECIFIED", .packets = 4},
                            {.reason = "BRAND_NEW_REASON", .packets = 1},
                            {.reason = "CPU_BACKLOG", .packets = 12}};
  DropsHost host(bpf);
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
  DropsHost host(bpf);
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

TEST(Drops, TellsTheReasonsWhileNobodyTellsTheNamesOfDevices) {
  FakeBpf bpf;
  FakeBpf::Drops& drops = bpf.MakeDrops();
  drops.counts = {{.reason = "SOCKET_RCVBUFF", .packets = 1}};
  DropsHost host(bpf, {kCard});
  host.Collect();
  drops.counts[0].packets = 2;
  EXPECT_TRUE(host.CollectFallback());
  EXPECT_THAT(host.Lines(), ElementsAre("netstack_skb_drops_total{stage=\"datagram\",class="
                                        "\"loss\",reason=\"SOCKET_RCVBUFF\"} 2"));
}

TEST(Drops, FollowsReasonsThatAppearLater) {
  FakeBpf bpf;
  FakeBpf::Drops& drops = bpf.MakeDrops();
  DropsHost host(bpf);
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

TEST(Drops, ShowsByDeviceWhatIsAPartOfItsRxDropped) {
  FakeBpf bpf;
  FakeBpf::Drops& drops = bpf.MakeDrops();
  drops.device_counts = {{.ifindex = 2, .reason = "UNHANDLED_PROTO", .packets = 4},
                         {.ifindex = 2, .reason = "CPU_BACKLOG"},
                         {.ifindex = 2, .reason = "SOCKET_RCVBUFF", .packets = 3},
                         {.ifindex = 0, .reason = "UNHANDLED_PROTO", .packets = 1}};
  DropsHost host(bpf, {kVlan, kPort, kCard});
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(drops.devices, ElementsAre(2u, 9u)) << "stacked ones last, no container ports";
  EXPECT_THAT(host.Lines(),
              ElementsAre("netstack_skb_device_drops_total{device=\"eth0\",stage=\"ingress\","
                          "class=\"policy\",reason=\"UNHANDLED_PROTO\"} 4",
                          "netstack_skb_device_drops_total{device=\"eth0\",stage=\"backlog\","
                          "class=\"loss\",reason=\"CPU_BACKLOG\"} 0",
                          "netstack_skb_device_drops_total{device=\"other\",stage=\"ingress\","
                          "class=\"policy\",reason=\"UNHANDLED_PROTO\"} 1"));
}

TEST(Drops, ShowsWhatFewHostsHaveFromTheFirstPacketAndTheLedgerFromTheStart) {
  FakeBpf bpf;
  bpf.MakeDrops().device_counts = {{.ifindex = 2, .reason = "TC_INGRESS", .packets = 4},
                                   {.ifindex = 2, .reason = "TC_EGRESS"},
                                   {.ifindex = 2, .reason = "generic_xdp"}};
  DropsHost host(bpf, {kCard});
  host.Collect();
  std::vector<Visibility> seen;
  host.samples().ForEach(kDeviceDrops,
                         [&](const Samples::View& view) { seen.push_back(view.visibility()); });
  EXPECT_THAT(seen,
              ElementsAre(Visibility::kEverywhere, Visibility::kPathOnly, Visibility::kPathOnly));
}

TEST(Drops, TellsTheDevicesAnewOnlyWhenTheyOrTheProgramsChanged) {
  FakeBpf bpf;
  DropsHost host(bpf, {kCard});
  const auto& first = bpf.MakeDrops();
  host.Collect();
  host.Collect();
  EXPECT_EQ(first.times_set, 1u);
  host.netlink().messages.push_back(link::Message(kVlan));
  host.Collect();
  EXPECT_EQ(first.times_set, 2u);
  EXPECT_THAT(first.devices, ElementsAre(2u, 9u));
  const auto& second = bpf.MakeDrops();
  host.Collect();
  EXPECT_EQ(second.times_set, 1u);
  EXPECT_THAT(second.devices, ElementsAre(2u, 9u));
}

TEST(Drops, ShowsEveryReasonByDeviceOnRequest) {
  FakeBpf bpf;
  FakeBpf::Drops& drops = bpf.MakeDrops();
  drops.device_counts = {{.ifindex = 2, .reason = "SOCKET_RCVBUFF", .packets = 3},
                         {.ifindex = 2, .reason = "NEIGH_FAILED"},
                         {.ifindex = 33, .reason = "NEIGH_FAILED", .packets = 1}};
  drops.without_row = 2;
  DropsHost host(bpf, {kCard});
  host.SetOption("by-device", "true");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(host.Lines(),
              ElementsAre("netstack_skb_device_drops_total{device=\"eth0\",stage=\"datagram\","
                          "class=\"loss\",reason=\"SOCKET_RCVBUFF\"} 3",
                          "netstack_skb_devices_without_row 2"));
}

TEST(Drops, AreThereWhenTheDevicesAreNot) {
  FakeBpf bpf;
  bpf.MakeDrops().counts = {{.reason = "FULL_RING", .packets = 1}};
  DropsHost host(bpf);
  host.netlink().failure = Error{.kind = ErrorKind::kTimeout, .path = "netlink", .what = "late"};
  EXPECT_EQ(host.Collect().state, CollectorState::kPartial);
  EXPECT_THAT(host.Lines(), ElementsAre("netstack_skb_drops_total{stage=\"ring\",class=\"loss\","
                                        "reason=\"FULL_RING\"} 1"));
}

TEST(Drops, TakeNoDeviceForOneThatSharesItsPlace) {
  EXPECT_TRUE(IsAtDevice("NETFILTER_DROP"));
  EXPECT_FALSE(IsAtDevice("SOCKET_RCVBUFF"));
  EXPECT_FALSE(IsAtDevice("TCP_OFO_QUEUE_PRUNE"));
  EXPECT_FALSE(IsAtDevice("FRAG_REASM_TIMEOUT"));
  EXPECT_FALSE(IsAtDevice("BRAND_NEW_REASON"));
}

TEST(DropDevices, TakesForSocketsWhatSocketsRefuse) {
  EXPECT_TRUE(IsAtSocket("SOCKET_RCVBUFF"));
  EXPECT_TRUE(IsAtSocket("TCP_INVALID_SEQUENCE"));
  EXPECT_FALSE(IsAtSocket("TCP_CSUM"));  // Before there is a socket.
  EXPECT_FALSE(IsAtSocket("NETFILTER_DROP"));
  EXPECT_FALSE(IsAtSocket("NOT_SPECIFIED"));
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
