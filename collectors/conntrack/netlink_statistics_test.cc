#include "collectors/conntrack/netlink_statistics.h"

#include <endian.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "collectors/fixture_host.h"

namespace netstack::conntrack {

extern const CollectorDeclaration kCollector;

namespace {

using Bytes = std::vector<std::byte>;
using Numbers = std::vector<std::pair<std::uint16_t, std::uint32_t>>;

constexpr std::uint16_t kTable = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET_STATS;
constexpr std::uint16_t kCpus = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET_STATS_CPU;
constexpr std::uint16_t kExpectations =
    NFNL_SUBSYS_CTNETLINK_EXP << 8 | IPCTNL_MSG_EXP_GET_STATS_CPU;

Bytes Message(const Numbers& numbers) {
  NetlinkBuilder builder;
  builder.AddHeader(nfgenmsg{});
  for (const auto& [attribute, number] : numbers) builder.AddU32(attribute, htobe32(number));
  return {builder.payload().begin(), builder.payload().end()};
}

Bytes Cpu(std::uint32_t drop, std::uint32_t early_drop) {
  return Message({{CTA_STATS_DROP, drop}, {CTA_STATS_EARLY_DROP, early_drop}});
}

class Answers : public NetlinkSource {
 public:
  std::map<std::uint16_t, std::vector<Bytes>> messages;  // By the question's type.
  std::optional<Error> refusal;
  int questions = 0;
  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    EXPECT_EQ(protocol, NETLINK_NETFILTER);
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this));
  }

 private:
  class Port : public NetlinkPort {
   public:
    explicit Port(Answers& answers) : answers_(answers) {}
    Status Request(std::uint16_t type, std::uint16_t flags, std::span<const std::byte>,
                   const NetlinkVisitor& visit, const std::function<void()>& restart) override {
      ++answers_.questions;
      if (answers_.refusal) return *answers_.refusal;
      EXPECT_EQ(flags, type == kTable ? 0 : NLM_F_DUMP);
      // Half of an answer, and all of it again.
      const std::vector<Bytes>& messages = answers_.messages[type];
      if (!messages.empty()) visit({.type = 0, .flags = 0, .payload = messages[0]});
      restart();
      for (const Bytes& message : messages) visit({.type = 0, .flags = 0, .payload = message});
      return {};
    }

   private:
    Answers& answers_;
  };
};

class ConntrackNetlinkTest : public testing::Test {
 protected:
  ConntrackNetlinkTest() {
    host_.Write("proc/sys/net/netfilter/nf_conntrack_count", "17\n");
    host_.Write("proc/sys/net/netfilter/nf_conntrack_buckets", "64\n");
    host_.Write("sys/module/nf_conntrack_netlink/initstate", "live\n");
    host_.UseNetlink(answers_);
    answers_.messages[kCpus] = {Cpu(3, 10), Cpu(4, 20)};
  }
  void WriteFile() {
    host_.Write("proc/net/stat/nf_conntrack", "entries drop\n00000011 00000005\n");
  }
  using PageLines = std::vector<std::string>;
  const PageLines of_files_ = {"netstack_conntrack_entries 17", "netstack_conntrack_buckets 64",
                               "netstack_conntrack_drops_total 5",
                               "netstack_conntrack_source_info{source=\"proc\"} 1"};
  Answers answers_;
  FixtureHost host_{kCollector};
};

TEST_F(ConntrackNetlinkTest, IsAskedFirstAndAddsUpTheCpus) {
  WriteFile();
  answers_.messages[kTable] = {
      Message({{CTA_STATS_GLOBAL_ENTRIES, 18}, {CTA_STATS_GLOBAL_MAX_ENTRIES, 1000}})};
  answers_.messages[kExpectations] = {Message({{CTA_STATS_EXP_NEW, 1}}),
                                      Message({{CTA_STATS_EXP_NEW, 2}})};
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
    EXPECT_EQ(host_.Lines(),
              (PageLines{"netstack_conntrack_entries 18", "netstack_conntrack_entries_limit 1000",
                         "netstack_conntrack_buckets 64", "netstack_conntrack_drops_total 7",
                         "netstack_conntrack_early_drops_total 30",
                         "netstack_conntrack_expectations_new_total 3",
                         "netstack_conntrack_source_info{source=\"netlink\"} 1"}));
  }
}

TEST_F(ConntrackNetlinkTest, LeavesItToTheFilesWhereItIsRefusedAndDoesNotAskAgain) {
  WriteFile();
  answers_.refusal = Error{.kind = ErrorKind::kNoPermission, .what = "not permitted"};
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
    EXPECT_EQ(host_.Lines(), of_files_);
  }
  EXPECT_EQ(answers_.questions, 1);
}

TEST_F(ConntrackNetlinkTest, SaysThatItIsRefusedWhereThereIsNoFile) {
  answers_.refusal = Error{.kind = ErrorKind::kNoPermission, .what = "not permitted"};
  for (int round = 0; round < 2; ++round) {
    const Outcome outcome = host_.Collect();
    EXPECT_EQ(outcome.state, CollectorState::kPartial);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->kind, ErrorKind::kNoPermission);
    EXPECT_EQ(host_.Lines(),
              (PageLines{"netstack_conntrack_entries 17", "netstack_conntrack_buckets 64",
                         "netstack_conntrack_source_info{source=\"no_permission\"} 1"}));
  }
}

TEST_F(ConntrackNetlinkTest, DoesNotLoadTheModule) {
  WriteFile();
  host_.Remove("sys/module/nf_conntrack_netlink");
  host_.Write("sys/module/nf_conntrack/initstate", "live\n");
  host_.Write("sys/module/nf_conntrack/parameters/acct", "N\n");
  EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
  EXPECT_EQ(host_.Lines(), of_files_);
  EXPECT_EQ(answers_.questions, 0);
  // Somebody else does.
  host_.Write("sys/module/nf_conntrack_netlink/initstate", "live\n");
  host_.Collect();
  EXPECT_EQ(answers_.questions, 3);
}

TEST_F(ConntrackNetlinkTest, IsAskedWhereItIsBuiltIn) {
  host_.Remove("sys/module/nf_conntrack_netlink");
  host_.Write("sys/module/nf_conntrack/parameters/acct", "N\n");
  host_.Collect();
  EXPECT_EQ(answers_.questions, 3);
}

TEST_F(ConntrackNetlinkTest, LeavesAnAnswerThatIsCutShortToTheFilesAndReportsIt) {
  WriteFile();
  answers_.messages[kCpus][0].resize(answers_.messages[kCpus][0].size() - 2);
  EXPECT_EQ(host_.Collect().state, CollectorState::kPartial);
  EXPECT_EQ(host_.Lines(), of_files_);
}

// Both are there on most hosts, and the same; tests/scenarios/conntrack_test.py has numbers in
// them.
TEST(ConntrackNetlink, HasEveryColumnOfTheFileThatThisKernelCounts) {
  std::ifstream file("/proc/net/stat/nf_conntrack");
  if (!file || geteuid() != 0) GTEST_SKIP() << "needs root and /proc/net/stat/nf_conntrack";
  std::ostringstream text;
  text << file.rdbuf();
  PerCpuStat of_file;
  ASSERT_TRUE(ParsePerCpuStat(text.str(), "nf_conntrack", of_file));
  const auto source = MakeKernelNetlinkSource();
  NetlinkStatistics statistics({.roots = {}, .netlink = *source});
  if (!statistics.IsLoaded()) GTEST_SKIP() << "ctnetlink is not loaded";
  PerCpuStat stat;
  const Status read = statistics.Read(stat);
  if (!read) GTEST_SKIP() << read.error().Describe();
  EXPECT_TRUE(stat.Sum("max"));
  for (const PerCpuStat::Column& column : of_file.columns) {
    // Those that kernels of today do not count any more.
    constexpr auto kZeroForEver =
        std::to_array<std::string_view>({"new", "ignore", "delete", "delete_list", "searched"});
    if (std::ranges::find(kZeroForEver, column.name) != kZeroForEver.end()) continue;
    const std::string name = column.name == "chainlength" ? "chaintoolong" : column.name;
    ASSERT_TRUE(stat.Sum(name)) << name;
    if (name == "entries") continue;
    EXPECT_GE(*stat.Sum(name), column.sum) << name;
  }
}

}  // namespace
}  // namespace netstack::conntrack
