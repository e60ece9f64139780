#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <string>
#include <vector>

#include "collectors/bonding/bond_message.h"
#include "collectors/bonding/families.h"
#include "collectors/catalog.h"
#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "collectors/fixture_host.h"
#include "kernel/netlink/builder.h"
#include "kernel/record/host_replay.h"

namespace netstack::bonding {

extern const CollectorDeclaration kCollector;

namespace {

using Bytes = std::vector<std::byte>;

Bytes SlaveMessage() {
  NetlinkBuilder builder;
  ifinfomsg header = {};
  header.ifi_index = 7;
  builder.AddHeader(header);
  builder.AddText(IFLA_IFNAME, "eth0");
  builder.AddU32(IFLA_MASTER, 3);
  const std::size_t info = builder.BeginNest(IFLA_LINKINFO);
  builder.AddText(IFLA_INFO_SLAVE_KIND, "bond");
  const std::size_t data = builder.BeginNest(IFLA_INFO_SLAVE_DATA);
  builder.AddU8(IFLA_BOND_SLAVE_STATE, 1);
  builder.AddU8(IFLA_BOND_SLAVE_MII_STATUS, 2);
  builder.AddU32(IFLA_BOND_SLAVE_LINK_FAILURE_COUNT, 12);
  builder.AddU16(IFLA_BOND_SLAVE_AD_AGGREGATOR_ID, 4);
  builder.EndNest(data);
  builder.EndNest(info);
  EXPECT_FALSE(builder.payload().empty());
  return {builder.payload().begin(), builder.payload().end()};
}

TEST(ParseBondLink, ReadsASlave) {
  BondLink link = {.index = 1, .is_bond = true, .mode = 4};
  ASSERT_TRUE(ParseBondLink(SlaveMessage(), link));
  EXPECT_EQ(link, (BondLink{.index = 7,
                            .is_slave = true,
                            .master = 3,
                            .state = 1,
                            .mii_status = 2,
                            .link_failures = 12,
                            .aggregator = 4}));
}

TEST(ParseBondLink, TakesNoBridgePortForASlave) {
  NetlinkBuilder builder;
  builder.AddHeader(ifinfomsg{});
  builder.AddU32(IFLA_MASTER, 3);
  const std::size_t info = builder.BeginNest(IFLA_LINKINFO);
  builder.AddText(IFLA_INFO_SLAVE_KIND, "bridge");
  const std::size_t data = builder.BeginNest(IFLA_INFO_SLAVE_DATA);
  builder.AddU8(1, 3);
  builder.EndNest(data);
  builder.EndNest(info);
  BondLink link;
  ASSERT_TRUE(ParseBondLink(builder.payload(), link));
  EXPECT_EQ(link, BondLink{});
}

TEST(ParseBondLink, SurvivesTruncationAtEveryByte) {
  const Bytes whole = SlaveMessage();
  BondLink all;
  ASSERT_TRUE(ParseBondLink(whole, all));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    BondLink link;
    const Status parsed = ParseBondLink(cut, link);
    // The last two bytes are padding.
    EXPECT_FALSE(parsed && link == all && size + 2 < whole.size()) << size;
  }
}

TEST(ParseBondLink, NamesAShortNumber) {
  NetlinkBuilder builder;
  builder.AddHeader(ifinfomsg{});
  const std::size_t info = builder.BeginNest(IFLA_LINKINFO);
  builder.AddText(IFLA_INFO_SLAVE_KIND, "bond");
  const std::size_t data = builder.BeginNest(IFLA_INFO_SLAVE_DATA);
  builder.AddU8(IFLA_BOND_SLAVE_LINK_FAILURE_COUNT, 1);
  builder.EndNest(data);
  builder.EndNest(info);
  BondLink link;
  const Status parsed = ParseBondLink(builder.payload(), link);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(), "netlink route link: a short number: 'bond'");
}

class RecordedBonds : public testing::TestWithParam<const char*> {
 protected:
  std::vector<std::string> Page(const DevicePolicy& policy) const {
    const auto replay = std::move(*HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) +
                                                    "/collectors/bonding/fixtures/" + GetParam()));
    const Kernel kernel = replay->kernel();
    const OptionValues options{kCollector.options};
    Samples samples(kFamilies);
    auto collector = kCollector.create({kernel, options, policy});
    for (int round = 0; round < 2; ++round) {
      samples.Clear();
      EXPECT_EQ(collector->Collect(samples).state, CollectorState::kOk);
    }
    return Lines(samples);
  }
};

TEST_P(RecordedBonds, AreShownAsProcShowsThem) {
  EXPECT_EQ(Page({}),
            (std::vector<std::string>{
                R"(netstack_bonding_info{device="bond0",mode="balance-rr"} 1)",
                R"(netstack_bonding_info{device="bondA",mode="active-backup"} 1)",
                R"(netstack_bonding_info{device="bondL",mode="802.3ad"} 1)",
                R"(netstack_bonding_slaves{device="bond0"} 0)",
                R"(netstack_bonding_slaves{device="bondA"} 2)",
                R"(netstack_bonding_slaves{device="bondL"} 2)",
                R"(netstack_bonding_slaves_up{device="bond0"} 0)",
                R"(netstack_bonding_slaves_up{device="bondA"} 1)",
                R"(netstack_bonding_slaves_up{device="bondL"} 2)",
                R"(netstack_bonding_aggregator_ports{device="bondL"} 1)",
                R"(netstack_bonding_slave_up{device="bondA",slave="b0"} 1)",
                R"(netstack_bonding_slave_up{device="bondA",slave="b1"} 0)",
                R"(netstack_bonding_slave_up{device="bondL",slave="b2"} 1)",
                R"(netstack_bonding_slave_up{device="bondL",slave="b3"} 1)",
                R"(netstack_bonding_slave_active{device="bondA",slave="b0"} 1)",
                R"(netstack_bonding_slave_active{device="bondA",slave="b1"} 0)",
                R"(netstack_bonding_slave_active{device="bondL",slave="b2"} 1)",
                R"(netstack_bonding_slave_active{device="bondL",slave="b3"} 0)",
                R"(netstack_bonding_slave_aggregator_number{device="bondL",slave="b2"} 1)",
                R"(netstack_bonding_slave_aggregator_number{device="bondL",slave="b3"} 2)",
                R"(netstack_bonding_slave_link_failures_total{device="bondA",slave="b0"} 1)",
                R"(netstack_bonding_slave_link_failures_total{device="bondA",slave="b1"} 1)",
                R"(netstack_bonding_slave_link_failures_total{device="bondL",slave="b2"} 0)",
                R"(netstack_bonding_slave_link_failures_total{device="bondL",slave="b3"} 0)"}));
}

TEST_P(RecordedBonds, AreLeftOutWhereAPersonSaysSo) {
  const std::vector<std::string> lines = Page(DevicePolicy({.exclude = "bond0|bondL|b1"}));
  EXPECT_EQ(lines,
            (std::vector<std::string>{
                R"(netstack_bonding_info{device="bondA",mode="active-backup"} 1)",
                R"(netstack_bonding_slaves{device="bondA"} 2)",
                R"(netstack_bonding_slaves_up{device="bondA"} 1)",
                R"(netstack_bonding_slave_up{device="bondA",slave="b0"} 1)",
                R"(netstack_bonding_slave_active{device="bondA",slave="b0"} 1)",
                R"(netstack_bonding_slave_link_failures_total{device="bondA",slave="b0"} 1)"}));
}

INSTANTIATE_TEST_SUITE_P(OfTwoKernels, RecordedBonds, testing::Values("bonds-5.10", "bonds-7.3"));

TEST(BondingDeclaration, CanBlockAndIsInTheCatalog) {
  EXPECT_TRUE(kCollector.may_block);
  EXPECT_EQ(std::count(Catalog().begin(), Catalog().end(), &kCollector), 1);
}

}  // namespace
}  // namespace netstack::bonding
