#include <gtest/gtest.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <set>
#include <string>

#include "collectors/catalog.h"
#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "collectors/fixture_host.h"
#include "collectors/neighbour/families.h"
#include "collectors/neighbour/table_message.h"
#include "kernel/netlink/builder.h"
#include "kernel/record/host_replay.h"

namespace netstack::neighbour {

extern const CollectorDeclaration kCollector;

namespace {

template <class T>
std::span<const std::byte> BytesOf(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

std::vector<std::byte> Message(std::size_t stats_size = sizeof(ndt_stats)) {
  NetlinkBuilder builder;
  ndtmsg header = {};
  header.ndtm_family = AF_INET;
  builder.AddHeader(header);
  builder.AddText(NDTA_NAME, "arp_cache");
  builder.AddU32(NDTA_THRESH1, 128);
  builder.AddU32(NDTA_THRESH2, 512);
  builder.AddU32(NDTA_THRESH3, 1024);
  ndt_config config = {};
  config.ndtc_entries = 1000;
  builder.AddBytes(NDTA_CONFIG, BytesOf(config));
  const ndt_stats stats = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  builder.AddBytes(NDTA_STATS, BytesOf(stats).first(stats_size));
  EXPECT_FALSE(builder.payload().empty());
  return {builder.payload().begin(), builder.payload().end()};
}

Table Expected() {
  return {.family = AF_INET,
          .threshold1 = 128,
          .threshold2 = 512,
          .threshold3 = 1024,
          .entries = 1000,
          .stats = Table::Stats{.allocs = 1,
                                .destroys = 2,
                                .hash_grows = 3,
                                .res_failed = 4,
                                .lookups = 5,
                                .hits = 6,
                                .rcv_probes_mcast = 7,
                                .rcv_probes_ucast = 8,
                                .periodic_gc_runs = 9,
                                .forced_gc_runs = 10,
                                .table_fulls = 11}};
}

TEST(ParseTableMessage, ReadsTheWholeRecord) {
  Table table;
  ASSERT_TRUE(ParseTableMessage(Message(), table));
  EXPECT_EQ(table, Expected());
}

TEST(ParseTableMessage, LeavesOutWhatAnOldKernelDoesNotCount) {
  Table table;
  ASSERT_TRUE(ParseTableMessage(Message(offsetof(ndt_stats, ndts_table_fulls)), table));
  Table expected = Expected();
  expected.stats->table_fulls.reset();
  EXPECT_EQ(table, expected);
}

TEST(ParseTableMessage, SurvivesTruncationAtEveryByte) {
  const std::vector<std::byte> whole = Message();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Table table;
    const Status parsed = ParseTableMessage(std::span(whole).first(size), table);
    EXPECT_FALSE(parsed && table == Expected()) << size;
  }
}

TEST(ParseTableMessage, RefusesShortNumbers) {
  Table table;
  EXPECT_EQ(ParseTableMessage(Message(8), table).error().Describe(),
            "netlink route neighbour table: short statistics: ''");
  Entry entry;
  const std::vector<std::byte> whole = Message();
  EXPECT_FALSE(ParseEntryMessage(std::span(whole).first(3), entry));
}

class NeighbourTest : public testing::Test {
 protected:
  std::set<std::string> Page(const Kernel& kernel, std::string_view tier) {
    OptionValues options{kCollector.options};
    EXPECT_EQ(options.Set("tier", tier), "");
    const DevicePolicy policy;
    Samples samples(kFamilies);
    auto collector = kCollector.create({kernel, options, policy});
    for (int round = 0; round < 2; ++round) {
      samples.Clear();
      state_ = collector->Collect(samples).state;
    }
    EXPECT_EQ(samples.undeclared(), 0u);
    const std::vector<std::string> lines = Lines(samples);
    return {lines.begin(), lines.end()};
  }
  CollectorState state_ = CollectorState::kFailed;
};

TEST_F(NeighbourTest, ShowsWhatIpShowedOnARealHost) {
  const auto replay = std::move(*HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) +
                                                  "/collectors/neighbour/fixtures/arp-6.18"));
  const std::set<std::string> page = Page(replay->kernel(), "extended");
  EXPECT_EQ(state_, CollectorState::kOk);
  for (const char* line : {
           R"(netstack_neighbour_entries{ip_version="4"} 7)",
           R"(netstack_neighbour_entries{ip_version="6"} 11)",
           R"(netstack_neighbour_gc_threshold1_entries{ip_version="4"} 128)",
           R"(netstack_neighbour_gc_threshold2_entries{ip_version="4"} 512)",
           R"(netstack_neighbour_gc_threshold3_entries{ip_version="6"} 1024)",
           R"(netstack_neighbour_table_full_total{ip_version="4"} 0)",
           R"(netstack_neighbour_unresolved_discards_total{ip_version="4"} 408)",
           R"(netstack_neighbour_resolution_failures_total{ip_version="4"} 1)",
           R"(netstack_neighbour_periodic_gc_runs_total{ip_version="4"} 439)",
           R"(netstack_neighbour_allocations_total{ip_version="4"} 160)",
           R"(netstack_neighbour_destroys_total{ip_version="4"} 153)",
           R"(netstack_neighbour_lookups_total{ip_version="4"} 627)",
           R"(netstack_neighbour_hits_total{ip_version="4"} 19)",
           R"(netstack_neighbour_state_entries{ip_version="4",state="permanent"} 3)",
           R"(netstack_neighbour_state_entries{ip_version="4",state="failed"} 1)",
           R"(netstack_neighbour_state_entries{ip_version="4",state="reachable"} 0)",
           R"(netstack_neighbour_state_entries{ip_version="6",state="noarp"} 3)",
       }) {
    EXPECT_TRUE(page.contains(line)) << line;
  }
  EXPECT_FALSE(page.contains(R"(netstack_neighbour_unresolved_discards_total{ip_version="6"} 0)"))
      << "the file is not there, and 0 would be a lie";
  EXPECT_EQ(page.size(), 2u * 15 + 1 + 18);
}

TEST_F(NeighbourTest, LeavesOutTheWorkOfTheTablesAndStatesThatFewEntriesHave) {
  const auto replay = std::move(*HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) +
                                                  "/collectors/neighbour/fixtures/arp-6.18"));
  const std::set<std::string> extended = Page(replay->kernel(), "extended");
  const std::set<std::string> core = Page(replay->kernel(), "core");
  EXPECT_TRUE(std::ranges::includes(extended, core));
  for (const char* line : {
           R"(netstack_neighbour_gc_threshold3_entries{ip_version="4"} 1024)",
           R"(netstack_neighbour_resolution_failures_total{ip_version="4"} 1)",
           R"(netstack_neighbour_state_entries{ip_version="4",state="reachable"} 0)",
           R"(netstack_neighbour_state_entries{ip_version="4",state="permanent"} 3)",
       }) {
    EXPECT_TRUE(core.contains(line)) << line;
  }
  for (const char* line : {
           R"(netstack_neighbour_gc_threshold1_entries{ip_version="4"} 128)",
           R"(netstack_neighbour_lookups_total{ip_version="4"} 627)",
           R"(netstack_neighbour_state_entries{ip_version="4",state="none"} 0)",
       }) {
    EXPECT_TRUE(extended.contains(line)) << line;
    EXPECT_FALSE(core.contains(line)) << line;
  }
}

TEST_F(NeighbourTest, SaysThatThereIsNoNetlink) {
  FixtureHost host(kCollector);
  EXPECT_EQ(host.Collect().state, CollectorState::kAbsent);
}

TEST(NeighbourDeclaration, CanBlockAndIsInTheCatalog) {
  EXPECT_TRUE(kCollector.may_block);
  EXPECT_EQ(std::count(Catalog().begin(), Catalog().end(), &kCollector), 1);
}

}  // namespace
}  // namespace netstack::neighbour
