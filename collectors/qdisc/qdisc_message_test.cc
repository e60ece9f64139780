#include "collectors/qdisc/qdisc_message.h"

#include <gtest/gtest.h>

#include "collectors/qdisc/handle_label.h"
#include "collectors/qdisc/kinds.h"
#include "collectors/qdisc/qdisc_test_host.h"

namespace netstack::qdisc {
namespace {

Made FqCodel() {
  Made made = {.device = 4, .handle = 0x80010000, .kind = "fq_codel", .bytes = 5000, .packets = 50};
  made.queue = {.qlen = 3, .backlog = 300, .drops = 7, .requeues = 2, .overlimits = 9};
  NetlinkBuilder options;
  options.AddU32(TCA_FQ_CODEL_LIMIT, 10240);
  options.AddU32(TCA_FQ_CODEL_MEMORY_LIMIT, 1 << 25);
  made.options = Payload(options);
  tc_fq_codel_xstats own = {};
  own.qdisc_stats.drop_overlimit = 5;
  own.qdisc_stats.ecn_mark = 11;
  own.qdisc_stats.memory_usage = 2304;
  made.own = BytesOf(own);
  return made;
}

std::map<FamilyIndex, double> KindValues(const Qdisc& qdisc) {
  std::map<FamilyIndex, double> values;
  ForEachKindValue(qdisc, [&](FamilyIndex family, Number value) {
    EXPECT_TRUE(values.emplace(family, value.AsDouble()).second);
  });
  return values;
}

TEST(ParseQdiscMessage, ReadsTheWholeRecord) {
  const Made made = FqCodel();
  Qdisc qdisc = {.device = 9, .kind = "left over", .options = {std::byte{1}}};
  ASSERT_TRUE(ParseQdiscMessage(Message(made), qdisc));
  EXPECT_EQ(qdisc, (Qdisc{.device = 4,
                          .handle = 0x80010000,
                          .parent = TC_H_ROOT,
                          .kind = "fq_codel",
                          .bytes = 5000,
                          .packets = 50,
                          .queue_length = 3,
                          .backlog = 300,
                          .drops = 7,
                          .requeues = 2,
                          .overlimits = 9,
                          .has_stats = true,
                          .options = made.options,
                          .own = made.own}));
}

TEST(ParseQdiscMessage, PrefersTheWidePacketCounter) {
  NetlinkBuilder builder;
  builder.AddHeader(tcmsg{.tcm_family = 0,
                          .tcm__pad1 = 0,
                          .tcm__pad2 = 0,
                          .tcm_ifindex = 2,
                          .tcm_handle = 0,
                          .tcm_parent = TC_H_ROOT,
                          .tcm_info = 0});
  builder.AddText(TCA_KIND, "fq");
  const std::size_t nest = builder.BeginNest(TCA_STATS2);
  builder.AddBytes(8, BytesOf(std::uint64_t{1} << 33));
  gnet_stats_basic basic = {};
  basic.packets = 5;
  builder.AddBytes(TCA_STATS_BASIC, BytesOf(basic));
  builder.EndNest(nest);
  Qdisc qdisc;
  ASSERT_TRUE(ParseQdiscMessage(builder.payload(), qdisc));
  EXPECT_EQ(qdisc.packets, std::uint64_t{1} << 33);
  EXPECT_FALSE(qdisc.has_stats);
}

TEST(ParseQdiscMessage, SurvivesTruncationAtEveryByte) {
  const Bytes whole = Message(FqCodel());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Qdisc qdisc;
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    if (!ParseQdiscMessage(cut, qdisc)) continue;
    EXPECT_EQ(qdisc.kind, "fq_codel") << size;
    KindValues(qdisc);
  }
}

TEST(ParseQdiscMessage, RefusesShortStatistics) {
  NetlinkBuilder builder;
  tcmsg header = {};
  header.tcm_ifindex = 2;
  builder.AddHeader(header);
  builder.AddText(TCA_KIND, "fq");
  const std::size_t nest = builder.BeginNest(TCA_STATS2);
  builder.AddU32(TCA_STATS_QUEUE, 1);
  builder.EndNest(nest);
  Qdisc qdisc;
  const Status parsed = ParseQdiscMessage(builder.payload(), qdisc);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(), "netlink route qdisc: short queue statistics: 'fq'");
}

TEST(QdiscKinds, ReadLimitsAndStatistics) {
  Qdisc qdisc;
  ASSERT_TRUE(ParseQdiscMessage(Message(FqCodel()), qdisc));
  std::map<FamilyIndex, double> values = KindValues(qdisc);
  EXPECT_EQ(values[kLimitPackets], 10240);
  EXPECT_EQ(values[kMemoryLimit], 1 << 25);
  EXPECT_EQ(values[kMemoryUsage], 2304);
  EXPECT_EQ(values[kFqCodelOverlimit], 5);
  EXPECT_EQ(values[kFqCodelEcnMark], 11);
}

TEST(QdiscKinds, LeaveOutWhatAnOlderKernelDoesNotHave) {
  Made made = {.kind = "fq"};
  tc_fq_qd_stats own = {};
  own.throttled = 4;
  own.horizon_drops = 5;
  made.own = BytesOf(own);
  made.own.resize(offsetof(tc_fq_qd_stats, ce_mark));
  Qdisc qdisc;
  ASSERT_TRUE(ParseQdiscMessage(Message(made), qdisc));
  const std::map<FamilyIndex, double> values = KindValues(qdisc);
  EXPECT_EQ(values.at(kFqThrottled), 4);
  EXPECT_FALSE(values.contains(kFqHorizonDrops));
  EXPECT_FALSE(values.contains(kFqFastpath));
}

TEST(QdiscKinds, ReadTheTinsOfACake) {
  Qdisc qdisc = {.kind = "cake"};
  NetlinkBuilder own;
  const std::size_t tins = own.BeginNest(TCA_CAKE_STATS_TIN_STATS);
  for (std::uint16_t tin = 1; tin <= 2; ++tin) {
    const std::size_t nest = own.BeginNest(tin);
    own.AddU32(TCA_CAKE_TIN_STATS_DROPPED_PACKETS, 10u * tin);
    own.AddU32(TCA_CAKE_TIN_STATS_PEAK_DELAY_US, 1500);
    own.EndNest(nest);
  }
  own.EndNest(tins);
  qdisc.own = Payload(own);
  std::map<std::pair<std::size_t, FamilyIndex>, double> values;
  ForEachCakeTin(qdisc, [&](std::size_t tin, FamilyIndex family, Number value) {
    values[{tin, family}] = value.AsDouble();
  });
  EXPECT_EQ(values, (std::map<std::pair<std::size_t, FamilyIndex>, double>{
                        {{1, kCakeTinDrops}, 10},
                        {{1, kCakeTinPeakDelay}, 0.0015},
                        {{2, kCakeTinDrops}, 20},
                        {{2, kCakeTinPeakDelay}, 0.0015}}));
}

TEST(HandleLabel, WritesWhatTcWrites) {
  EXPECT_EQ(std::string_view(HandleLabel::OfHandle(0x80010000)), "8001:");
  EXPECT_EQ(std::string_view(HandleLabel::OfHandle(0)), "0:");
  EXPECT_EQ(std::string_view(HandleLabel::OfParent(TC_H_ROOT)), "root");
  EXPECT_EQ(std::string_view(HandleLabel::OfParent(TC_H_INGRESS)), "ingress");
  EXPECT_EQ(std::string_view(HandleLabel::OfParent(0x00010002)), "1:2");
  EXPECT_EQ(std::string_view(HandleLabel::OfParent(0x00000001)), ":1");
  EXPECT_EQ(std::string_view(HandleLabel::OfParent(0x7fffabcd)), "7fff:abcd");
}

}  // namespace
}  // namespace netstack::qdisc
