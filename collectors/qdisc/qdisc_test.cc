#include <gtest/gtest.h>

#include <algorithm>

#include "collectors/catalog.h"
#include "collectors/qdisc/qdisc_test_host.h"
#include "kernel/record/host_replay.h"

namespace netstack::qdisc {
namespace {

using Values = std::map<std::string, double>;

std::vector<Made> MqOf(std::uint32_t handle, std::uint32_t queues) {
  std::vector<Made> all = {{.handle = handle, .kind = "mq"}};
  for (std::uint32_t i = 1; i <= queues; ++i) {
    Made leaf = {.parent = handle | i, .kind = "pfifo_fast", .packets = i};
    leaf.queue.drops = 2;
    leaf.queue.overlimits = 1;
    leaf.queue.qlen = i;
    all[0].queue.drops += 2;
    all[0].queue.overlimits += 1;
    all[0].packets += i;
    all.push_back(leaf);
  }
  return all;
}

TEST_F(QdiscTest, CountsADeviceByItsRootAndMarksLeaves) {
  Have({{.handle = 0x10000, .kind = "htb", .packets = 9},
        {.handle = 0x100000, .parent = 0x10010, .kind = "pfifo", .packets = 7}});
  ASSERT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Of(kPackets),
            (Values{{"eth0 htb 1: root 0", 9}, {"eth0 pfifo 10: 1:10 1 off path", 7}}));
}

TEST_F(QdiscTest, TakesLeavesWhereTheRootDoesNotRepeatThem) {
  Have({{.handle = 0x10000, .kind = "taprio", .packets = 1},
        {.parent = 0x10001, .packets = 3},
        {.parent = 0x10002, .packets = 4}});
  Collect();
  EXPECT_EQ(Of(kPackets), (Values{{"eth0 taprio 1: root 0 off path", 1},
                                  {"eth0 pfifo_fast 0: 1:1 1", 3},
                                  {"eth0 pfifo_fast 0: 1:2 1", 4}}));
}

TEST_F(QdiscTest, CountsAnOverlimitWhereItHappened) {
  std::vector<Made> qdiscs = MqOf(0, 2);
  Have(qdiscs);
  Collect();
  EXPECT_EQ(Of(kOverlimits),
            (Values{{"eth0 pfifo_fast 0: :1 1", 1}, {"eth0 pfifo_fast 0: :2 1", 1}}));
  EXPECT_EQ(Of(kDrops), (Values{{"eth0 mq 0: root 0 path only", 4},
                                {"eth0 pfifo_fast 0: :1 1 off path", 2},
                                {"eth0 pfifo_fast 0: :2 1 off path", 2}}));
}

TEST_F(QdiscTest, ShowsASumOfChildrenOnRequest) {
  ASSERT_EQ(options_.Set("tier", "extended"), "");
  Have(MqOf(0, 2));
  Collect();
  EXPECT_EQ(Of(kOverlimits).at("eth0 mq 0: root 0 off path"), 2);
  EXPECT_EQ(Of(kDrops).at("eth0 mq 0: root 0"), 4);
}

TEST_F(QdiscTest, ShowsOnceWhatTheKernelTellsTwice) {
  const Made root = {.handle = 0x10000, .kind = "htb", .packets = 9};
  Have({root});
  Collect();
  const std::size_t once = samples_.size();
  Have({root, root});
  ASSERT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(samples_.size(), once);
}

TEST_F(QdiscTest, ShowsManyQueuesTogether) {
  std::vector<Made> qdiscs = MqOf(0x80010000, 128);
  std::swap(qdiscs[5].queue, qdiscs[128].queue);  // The fullest is not the last.
  Have(qdiscs);
  Collect();
  EXPECT_EQ(Of(kPackets), (Values{{"eth0 mq 8001: root 0 path only", 128 * 129 / 2},
                                  {"eth0 pfifo_fast 8001: 1 off path", 128 * 129 / 2}}));
  EXPECT_EQ(Of(kQueueLength).at("eth0 pfifo_fast 8001: 1 off path"), 128 * 129 / 2);
  EXPECT_EQ(Of(kQueueLengthMax), (Values{{"eth0 pfifo_fast 8001: off path", 128}}));
  EXPECT_EQ(Of(kLimitPackets), (Values{{"eth0 pfifo_fast 8001: off path", 1000}}));
  EXPECT_EQ(Of(kFillRatio), (Values{{"eth0", 0.128}})) << "the fullest of all";
  EXPECT_LE(samples_.size(), 20u);
}

TEST_F(QdiscTest, ShowsEachOfManyQueuesOnRequest) {
  ASSERT_EQ(options_.Set("per-queue", "true"), "");
  Have(MqOf(0x80010000, 128));
  Collect();
  EXPECT_EQ(Of(kPackets).size(), 129u);
  EXPECT_TRUE(Of(kQueueLengthMax).empty());
}

TEST_F(QdiscTest, LetsASumOf32BitCountersWrapAsTheyDo) {
  std::vector<Made> qdiscs = MqOf(0x80010000, 17);
  qdiscs[1].queue.drops = 0xffffffff;
  Have(qdiscs);
  Collect();
  EXPECT_EQ(Of(kDrops).at("eth0 pfifo_fast 8001: 1 off path"), 31);
}

TEST_F(QdiscTest, KeepsFiltersApartFromQueues) {
  Made clsact = {.handle = 0xffff0000, .parent = TC_H_INGRESS, .kind = "clsact"};
  clsact.queue.drops = 205;
  Made ingress = clsact;
  ingress.device = 3;
  ingress.kind = "ingress";
  netlink_.devices.push_back(Message(MadeDevice{.index = 3, .name = "eth1"}));
  Have({{.kind = "noqueue"}, clsact, ingress});
  Collect();
  EXPECT_EQ(Of(kClsactDrops),
            (Values{{"eth0 receive", 0}, {"eth0 transmit", 0}, {"eth0 either", 205}}));
  EXPECT_EQ(Of(kIngressDrops), (Values{{"eth1", 205}}));
  EXPECT_EQ(samples_.size(), 4u) << "and nothing of noqueue";
}

TEST_F(QdiscTest, LeavesFiltersOfStackedDevicesOnThePath) {
  netlink_.devices = {Message(MadeDevice{.index = 2, .name = "veth0", .kind = "veth"}),
                      Message(MadeDevice{.index = 3, .name = "br0", .kind = "bridge"})};
  Made port = {.handle = 0xffff0000, .parent = TC_H_INGRESS, .kind = "ingress"};
  port.queue.drops = 4;
  Made bridge = port;
  bridge.device = 3;
  Have({port, bridge});
  Collect();
  EXPECT_EQ(Of(kIngressDrops), (Values{{"veth0 hidden", 4}, {"br0", 4}}));
}

TEST_F(QdiscTest, TreatsDevicesAsThePolicySays) {
  netlink_.devices = {Message(MadeDevice{.index = 2, .name = "veth0", .kind = "veth"}),
                      Message(MadeDevice{.index = 3, .name = "br0", .kind = "bridge"})};
  Made port = {.kind = "mq", .packets = 5};
  Made child = {.parent = 1, .packets = 5};
  Made bridge = {.device = 3, .kind = "pfifo_fast", .packets = 6};
  Have({port, child, bridge, {.device = 9}});
  Collect();
  EXPECT_EQ(Of(kPackets),
            (Values{{"veth0 mq 0: root 0 hidden", 5}, {"br0 pfifo_fast 0: root 1 off path", 6}}));
  EXPECT_EQ(Of(kOverlimits).count("veth0 mq 0: root 0 hidden"), 1u);
  EXPECT_EQ(Of(kBytes), (Values{{"br0 pfifo_fast 0: root 1 off path", 0}}));
}

// "tc qdisc replace dev eth0 parent 8001: bfifo limit N" on a tbf made with limit 8000.
TEST_F(QdiscTest, LeavesOutTheLimitOfAShaperWhoseQueueWasReplaced) {
  tc_tbf_qopt shape = {};
  shape.limit = 8000;
  NetlinkBuilder options;
  options.AddBytes(TCA_TBF_PARMS, BytesOf(shape));
  Made tbf = {.handle = 0x80010000, .kind = "tbf", .options = Payload(options)};
  tbf.queue.backlog = 16000;
  Have({tbf});
  Collect();
  EXPECT_EQ(Of(kFillRatio), (Values{{"eth0", 2}}));
  tc_fifo_qopt limit = {};
  limit.limit = 64000;
  Made inside = {
      .handle = 0x80020000, .parent = 0x80010001, .kind = "bfifo", .options = BytesOf(limit)};
  inside.queue.backlog = 16000;
  Have({tbf, inside});
  Collect();
  EXPECT_EQ(Of(kFillRatio), (Values{{"eth0", 0.25}}));
}

TEST_F(QdiscTest, LosesOnlyTheQdiscThatCannotBeUnderstood) {
  Have({{.packets = 1}});
  netlink_.qdiscs.push_back({std::byte{1}});
  const Outcome outcome = Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  EXPECT_EQ(Of(kPackets).size(), 1u);
}

TEST_F(QdiscTest, SaysWhyThereIsNothing) {
  netlink_.failure = Error{.kind = ErrorKind::kTimeout, .path = "netlink route", .what = "late"};
  EXPECT_EQ(Collect().state, CollectorState::kTimeout);
  netlink_.failure.reset();
  Have({{.packets = 1}});
  EXPECT_EQ(Collect().state, CollectorState::kOk) << "and works again afterwards";
}

TEST_F(QdiscTest, ShowsWhatTcShowedOnARealHost) {
  const auto replay = std::move(*HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) +
                                                  "/collectors/qdisc/fixtures/shapers-6.18"));
  const Kernel kernel = replay->kernel();
  ASSERT_EQ(options_.Set("container-ports", "shown"), "");
  ASSERT_EQ(kCollector.create({kernel, options_, policy_})->Collect(samples_).state,
            CollectorState::kOk);
  const Values drops = Of(kDrops);
  EXPECT_EQ(drops.at("tb0 tbf 5: root 1"), 183);
  EXPECT_EQ(drops.at("ht0 htb 1: root 0"), 188);
  EXPECT_EQ(drops.at("ht0 pfifo 10: 1:10 1 off path"), 188);
  const Values packets = Of(kPackets);
  EXPECT_EQ(packets.at("mq0 mq 7: root 0 path only"), 205);
  EXPECT_EQ(packets.at("mq0 bfifo 71: 7:1 1 off path"), 25);
  EXPECT_EQ(packets.at("big0 pfifo_fast 9: 1 off path"), 4);
  EXPECT_EQ(Of(kOverlimits).at("tb0 tbf 5: root 1"), 212);
  EXPECT_EQ(Of(kLimitPackets).at("ht0 pfifo 10: 1:10 off path"), 8);
  EXPECT_EQ(Of(kLimitBytes),
            (Values{{"tb0 tbf 5: root", 8000}, {"mq0 bfifo 71: 7:1 off path", 20000}}));
  EXPECT_EQ(Of(kClsactDrops).at("cl0 either"), 205);
  EXPECT_EQ(Of(kIngressDrops), (Values{{"in0", 0}}));
}

class RecordedKinds : public QdiscTest, public testing::WithParamInterface<const char*> {};

// What tc showed of them at the same moment is in the fixtures' README.
TEST_P(RecordedKinds, ShowTheirOwnStatistics) {
  const bool new_kernel = std::string_view(GetParam()) == "kinds-7.3";
  const auto replay = std::move(*HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) +
                                                  "/collectors/qdisc/fixtures/" + GetParam()));
  const Kernel kernel = replay->kernel();
  ASSERT_EQ(options_.Set("tier", "all"), "");
  ASSERT_EQ(kCollector.create({kernel, options_, policy_})->Collect(samples_).state,
            CollectorState::kOk);
  const auto own = [&](const char* kind) { return std::string("d_") + kind + " " + kind; };
  const std::string child = " 2: 1:1 off path";
  EXPECT_EQ(Of(kFqFlows), (Values{{"d_fq fq 1: root", new_kernel ? 0 : 16}}));
  EXPECT_EQ(Of(kFqFastpath).size(), new_kernel ? 1u : 0u);
  EXPECT_EQ(Of(kFqCodelOverlimit), (Values{{own("fq_codel") + child, 163}}));
  EXPECT_EQ(Of(kFqCodelNewFlows), (Values{{own("fq_codel") + child, new_kernel ? 23 : 22}}));
  EXPECT_EQ(Of(kCodelOverlimit), (Values{{own("codel") + child, new_kernel ? 173 : 172}}));
  EXPECT_EQ(Of(kCodelDelay), (Values{{own("codel") + child, new_kernel ? 1e-5 : 1.1e-5}}));
  EXPECT_EQ(Of(kRedEarly), (Values{{own("red") + child, new_kernel ? 164 : 161}}));
  EXPECT_EQ(Of(kPieOverlimit), (Values{{own("pie") + child, new_kernel ? 161 : 165},
                                       {own("fq_pie") + child, new_kernel ? 166 : 161}}));
  EXPECT_EQ(Of(kCakeTinDrops),
            (Values{{own("cake") + " 2: 1:1 1 off path", new_kernel ? 176 : 165}}));
  EXPECT_EQ(Of(kMemoryLimit), (Values{{own("cake") + child, 40000},
                                      {own("fq_codel") + child, 40000},
                                      {own("fq_pie") + child, 1 << 25}}));
  EXPECT_EQ(Of(kCakeMemoryPeak), (Values{{own("cake") + child, 40960}}));
  EXPECT_EQ(Of(kLimitPackets), (Values{{"d_fq fq 1: root", 100},
                                       {own("fq_codel") + child, 30},
                                       {own("codel") + child, 20},
                                       {own("pie") + child, 30},
                                       {own("fq_pie") + child, 30},
                                       {own("sfq") + child, 30},
                                       {own("netem") + child, 10}}));
  // The limit is the former one of the tbf around it, and a peak is no depth.
  EXPECT_EQ(Of(kFillRatio).count("d_cake"), 0u);
}

INSTANTIATE_TEST_SUITE_P(OfTwoKernels, RecordedKinds, testing::Values("kinds-6.1", "kinds-7.3"));

TEST(QdiscDeclaration, CanBlockAndIsInTheCatalog) {
  EXPECT_TRUE(kCollector.may_block);
  EXPECT_EQ(std::count(Catalog().begin(), Catalog().end(), &kCollector), 1);
}

}  // namespace
}  // namespace netstack::qdisc
