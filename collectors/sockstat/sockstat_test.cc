#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "collectors/sockstat/families.h"

namespace netstack::sockstat {

extern const CollectorDeclaration kCollector;

namespace {

constexpr std::string_view kFixture =
    NETSTACK_SOURCE_DIR "/collectors/sockstat/fixtures/linux-6.18/proc";

class NoNetlink : public NetlinkSource {
 public:
  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return ErrorFromErrno(EOPNOTSUPP, "netlink", "open");
  }
};

using Page = std::map<std::string, double>;

// What the collector says of a folder that stands for /proc.
struct Round {
  Outcome outcome;
  Page page;
};

Round Collect(std::string procfs) {
  NoNetlink netlink;
  const Kernel kernel{.roots = {.procfs = std::move(procfs)}, .netlink = netlink};
  const OptionValues options;
  const DevicePolicy devices;
  Samples samples(kFamilies);
  Round round;
  round.outcome = kCollector.create({.kernel = kernel, .options = options, .devices = devices})
                      ->Collect(samples);
  EXPECT_EQ(samples.undeclared(), 0u);
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    samples.ForEach(i, [&](const Samples::View& view) {
      std::string name(kFamilies[i].name.substr(std::string_view("netstack_sockstat_").size()));
      view.ForEachLabel([&](std::size_t, std::string_view value) {
        if (kFamilies[i].label_count() > 0) name += '{' + std::string(value) + '}';
      });
      EXPECT_TRUE(round.page.emplace(name, view.value().AsDouble()).second) << name << " twice";
    });
  }
  return round;
}

// A copy of the fixture that a test may spoil, removed at the end.
class FakeProc {
 public:
  FakeProc() {
    std::string pattern = testing::TempDir() + "sockstatXXXXXX";
    path_ = mkdtemp(pattern.data());
    std::filesystem::copy(kFixture, path_, std::filesystem::copy_options::recursive);
  }
  ~FakeProc() { std::filesystem::remove_all(path_); }
  void Write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ + "/" + name, std::ios::binary | std::ios::trunc) << text;
  }
  void Remove(const std::string& name) const { std::filesystem::remove_all(path_ + "/" + name); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(Sockstat, SetsDepthsBesideTheirLimitsInOneUnit) {
  const auto page_size = static_cast<double>(sysconf(_SC_PAGESIZE));
  const Round round = Collect(std::string(kFixture));
  EXPECT_EQ(round.outcome.state, CollectorState::kOk);
  EXPECT_EQ(round.page, (Page{{"sockets_used", 34},
                              {"tcp_inuse{4}", 8},
                              {"tcp_inuse{6}", 5},
                              {"tcp_orphans", 2},
                              {"tcp_orphans_limit", 131072},
                              {"tcp_time_wait", 50529},
                              {"tcp_time_wait_limit", 131072},
                              {"tcp_allocated", 13},
                              {"tcp_memory_bytes", 2812 * page_size},
                              {"tcp_memory_limit_bytes{min}", 287898 * page_size},
                              {"tcp_memory_limit_bytes{pressure}", 383867 * page_size},
                              {"tcp_memory_limit_bytes{max}", 575796 * page_size},
                              {"udp_inuse{4}", 2},
                              {"udp_inuse{6}", 1},
                              {"udp_memory_bytes", 0},
                              {"udp_memory_limit_bytes{min}", 575799 * page_size},
                              {"udp_memory_limit_bytes{pressure}", 767734 * page_size},
                              {"udp_memory_limit_bytes{max}", 1151598 * page_size},
                              {"udp_lite_inuse{4}", 0},
                              {"udp_lite_inuse{6}", 0},
                              {"raw_inuse{4}", 2},
                              {"raw_inuse{6}", 1},
                              {"frag_inuse{4}", 5},
                              {"frag_inuse{6}", 0},
                              {"frag_memory_bytes{4}", 5160},
                              {"frag_memory_bytes{6}", 0},
                              {"frag_memory_limit_bytes{4}", 4194304},
                              {"frag_memory_limit_bytes{6}", 4194304}}));
}

TEST(Sockstat, IsWholeInAChildNamespaceWithoutIpv6) {
  FakeProc proc;
  proc.Remove("net/sockstat6");
  proc.Remove("sys/net/ipv6");
  proc.Remove("sys/net/ipv4/tcp_mem");
  proc.Remove("sys/net/ipv4/udp_mem");
  proc.Remove("sys/net/ipv4/tcp_max_orphans");
  const Round round = Collect(proc.path());
  EXPECT_EQ(round.outcome.state, CollectorState::kOk);
  EXPECT_TRUE(round.page.contains("tcp_memory_bytes"));
  EXPECT_FALSE(round.page.contains("tcp_memory_limit_bytes{max}"));
  EXPECT_FALSE(round.page.contains("tcp_inuse{6}"));
}

TEST(Sockstat, LosesOnlyWhatABadLimitHolds) {
  FakeProc proc;
  proc.Write("sys/net/ipv4/tcp_mem", "1 2\n");
  const Round round = Collect(proc.path());
  EXPECT_EQ(round.outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(round.outcome.error);
  EXPECT_EQ(round.outcome.error->what, "not a count: ''");
  EXPECT_FALSE(round.page.contains("tcp_memory_limit_bytes{min}"));
  EXPECT_TRUE(round.page.contains("udp_memory_limit_bytes{max}"));
}

TEST(Sockstat, LosesOnlyIpv6WhenItsFileIsBad) {
  FakeProc proc;
  proc.Write("net/sockstat6", "TCP6: inuse 1\nUDP6: inuse x\n");
  const Round round = Collect(proc.path());
  EXPECT_EQ(round.outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(round.outcome.error);
  EXPECT_EQ(round.outcome.error->Describe(), "/proc/net/sockstat6 line 2: not a count: 'x'");
  EXPECT_FALSE(round.page.contains("tcp_inuse{6}"));
  EXPECT_EQ(round.page.at("tcp_inuse{4}"), 8);
}

TEST(Sockstat, GivesMemoryInBytes) {
  FakeProc proc;
  proc.Write("net/sockstat", "TCP: mem 2\nUDP: mem 3\nFRAG: inuse 1 memory 4\n");
  const auto page_size = static_cast<double>(sysconf(_SC_PAGESIZE));
  const Round round = Collect(proc.path());
  EXPECT_EQ(round.page.at("tcp_memory_bytes"), 2 * page_size);
  EXPECT_EQ(round.page.at("udp_memory_bytes"), 3 * page_size);
  EXPECT_EQ(round.page.at("frag_memory_bytes{4}"), 4);
}

TEST(Sockstat, SaturatesALimitThatNoMemoryCanReach) {
  FakeProc proc;
  proc.Write("sys/net/ipv4/tcp_mem", "1 2 9223372036854775807\n");
  const Round round = Collect(proc.path());
  EXPECT_EQ(round.page.at("tcp_memory_limit_bytes{max}"), static_cast<double>(UINT64_MAX));
}

TEST(Sockstat, TellsAbsentFromFailed) {
  FakeProc proc;
  proc.Write("net/sockstat", "");
  EXPECT_EQ(Collect(proc.path()).outcome.state, CollectorState::kFailed);
  proc.Remove("net/sockstat");
  EXPECT_EQ(Collect(proc.path()).outcome.state, CollectorState::kAbsent);
}

}  // namespace
}  // namespace netstack::sockstat
