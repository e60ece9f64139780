#include "collectors/qdisc/class_reader.h"

#include <gtest/gtest.h>
#include <linux/pkt_sched.h>

#include <map>
#include <string>

#include "collectors/qdisc/qdisc_test_host.h"

namespace netstack::qdisc {
namespace {

using Values = std::map<std::string, double>;

constexpr std::uint32_t kRoot = 0x00010000;

Bytes HtbOptions(std::uint32_t rate, std::uint32_t ceiling, std::uint64_t ceiling64 = 0) {
  tc_htb_opt parameters = {};
  parameters.rate.rate = rate;
  parameters.ceil.rate = ceiling;
  NetlinkBuilder builder;
  builder.AddBytes(TCA_HTB_PARMS, BytesOf(parameters));
  if (ceiling64 != 0) builder.AddBytes(TCA_HTB_CEIL64, BytesOf(ceiling64));
  return Payload(builder);
}

Made Class(std::uint32_t minor, std::uint32_t parent, std::uint64_t bytes) {
  tc_htb_xstats own = {};
  own.lends = 7;
  own.borrows = 8;
  return {.handle = kRoot + minor,
          .parent = parent,
          .kind = "htb",
          .bytes = bytes,
          .packets = 3,
          .queue = {.qlen = 4, .backlog = 400, .drops = 5, .requeues = 0, .overlimits = 6},
          .options = HtbOptions(1000, 2000),
          .own = BytesOf(own)};
}

TEST_F(QdiscTest, ShowsTheClassesOfHtbOffThePath) {
  Have({{.handle = kRoot, .kind = "htb", .packets = 9}});
  netlink_.classes = {Message(Class(0x1, TC_H_ROOT, 100)), Message(Class(0x10, kRoot + 1, 90))};
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Of(kClasses), (Values{{"eth0 htb 1:", 2}}));
  EXPECT_EQ(Of(kClassBytes),
            (Values{{"eth0 htb 1:1 root off path", 100}, {"eth0 htb 1:10 1:1 off path", 90}}));
  EXPECT_EQ(Of(kClassDrops),
            (Values{{"eth0 htb 1:1 root off path", 5}, {"eth0 htb 1:10 1:1 off path", 5}}));
  EXPECT_EQ(Of(kClassBacklog).at("eth0 htb 1:10 1:1 off path"), 400);
  EXPECT_EQ(Of(kClassRate).at("eth0 htb 1:10 1:1 off path"), 1000);
  EXPECT_EQ(Of(kClassCeiling).at("eth0 htb 1:10 1:1 off path"), 2000);
  EXPECT_EQ(Of(kClassHtbBorrows).at("eth0 htb 1:10 1:1 off path"), 8);
}

TEST_F(QdiscTest, ShowsAtMost64ClassesAndSaysHowManyThereAre) {
  Have({{.handle = kRoot, .kind = "htb"}});
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    netlink_.classes.push_back(Message(Class(i, TC_H_ROOT, i)));
  }
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Of(kClasses), (Values{{"eth0 htb 1:", 1000}}));
  EXPECT_EQ(Of(kClassBytes).size(), 64u);
}

TEST_F(QdiscTest, DoesNotAskForTheFlowsOfOtherKinds) {
  Have({{.handle = kRoot, .kind = "fq_codel"}});
  netlink_.classes = {Message(Class(1, TC_H_ROOT, 100))};
  EXPECT_EQ(Collect().state, CollectorState::kOk);
  EXPECT_EQ(Of(kClassBytes), Values{});
}

TEST_F(QdiscTest, AClassThatCannotBeUnderstoodCostsItself) {
  Have({{.handle = kRoot, .kind = "htb"}});
  netlink_.classes = {Bytes(3), Message(Class(1, TC_H_ROOT, 100))};
  EXPECT_EQ(Collect().state, CollectorState::kPartial);
  EXPECT_EQ(Of(kClassBytes).size(), 1u);
}

TEST(HtbRates, AreLargerThan32BitsWhereTheKernelSaysSo) {
  EXPECT_EQ(ParseHtbRates(HtbOptions(1000, UINT32_MAX, 12'500'000'000)),
            (HtbRates{.rate = 1000, .ceiling = 12'500'000'000}));
  EXPECT_EQ(ParseHtbRates({}), HtbRates{});
}

}  // namespace
}  // namespace netstack::qdisc
