#include "collectors/conntrack/netlink_statistics.h"

#include <endian.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "collectors/fixture_host.h"

namespace netstack::conntrack {

extern const CollectorDeclaration kCollector;

namespace {

using Bytes = std::vector<std::byte>;

Bytes Cpu(std::uint32_t drop, std::uint32_t early_drop) {
  NetlinkBuilder builder;
  builder.AddHeader(nfgenmsg{});
  builder.AddU32(CTA_STATS_DROP, htobe32(drop));
  builder.AddU32(CTA_STATS_EARLY_DROP, htobe32(early_drop));
  return {builder.payload().begin(), builder.payload().end()};
}

class Answers : public NetlinkSource {
 public:
  std::vector<Bytes> cpus;
  std::optional<Error> refusal;
  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    EXPECT_EQ(protocol, NETLINK_NETFILTER);
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this));
  }

 private:
  class Port : public NetlinkPort {
   public:
    explicit Port(const Answers& answers) : answers_(answers) {}
    Status Request(std::uint16_t, std::uint16_t, std::span<const std::byte>,
                   const NetlinkVisitor& visit, const std::function<void()>&) override {
      if (answers_.refusal) return *answers_.refusal;
      for (const Bytes& cpu : answers_.cpus) visit({.type = 0, .flags = 0, .payload = cpu});
      return {};
    }

   private:
    const Answers& answers_;
  };
};

class ConntrackNetlinkTest : public testing::Test {
 protected:
  ConntrackNetlinkTest() {
    host_.Write("proc/sys/net/netfilter/nf_conntrack_count", "17\n");
    host_.UseNetlink(answers_);
  }
  using PageLines = std::vector<std::string>;
  Answers answers_;
  FixtureHost host_{kCollector};
};

TEST_F(ConntrackNetlinkTest, AddsUpTheCpusWhereThereIsNoFile) {
  answers_.cpus = {Cpu(3, 10), Cpu(4, 20)};
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(host_.Collect().state, CollectorState::kOk);
    EXPECT_EQ(host_.Lines(),
              (PageLines{"netstack_conntrack_entries 17", "netstack_conntrack_drops_total 7",
                         "netstack_conntrack_early_drops_total 30"}));
  }
}

TEST_F(ConntrackNetlinkTest, SaysThatItIsNotAllowedTo) {
  answers_.refusal = Error{.kind = ErrorKind::kNoPermission, .what = "not permitted"};
  const Outcome outcome = host_.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->kind, ErrorKind::kNoPermission);
  EXPECT_EQ(host_.Lines(), PageLines{"netstack_conntrack_entries 17"});
}

TEST_F(ConntrackNetlinkTest, RefusesAnAnswerThatIsCutShort) {
  answers_.cpus = {Cpu(3, 10)};
  answers_.cpus[0].resize(answers_.cpus[0].size() - 2);
  EXPECT_EQ(host_.Collect().state, CollectorState::kPartial);
}

// Both are there on most hosts, and the same.
TEST(ConntrackNetlink, SaysWhatTheFileOfThisKernelSays) {
  std::ifstream file("/proc/net/stat/nf_conntrack");
  if (!file || geteuid() != 0) GTEST_SKIP() << "needs root and /proc/net/stat/nf_conntrack";
  std::ostringstream text;
  text << file.rdbuf();
  PerCpuStat of_file;
  ASSERT_TRUE(ParsePerCpuStat(text.str(), "nf_conntrack", of_file));
  const auto source = MakeKernelNetlinkSource();
  NetlinkStatistics statistics(*source);
  PerCpuStat stat;
  const Status read = statistics.Read(stat);
  if (!read) GTEST_SKIP() << read.error().Describe();
  EXPECT_GE(stat.columns.size(), 8u);
  for (const PerCpuStat::Column& column : stat.columns) {
    EXPECT_GE(column.sum, of_file.Sum(column.name).value_or(0)) << column.name;
  }
}

}  // namespace
}  // namespace netstack::conntrack
