#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <string>

#include "collectors/fixture_host.h"

namespace netstack::process {
extern const CollectorDeclaration kCollector;

namespace {

constexpr std::string_view kFixture = "collectors/process/fixtures/linux-6.18";

std::map<std::string, double> Values(const FixtureHost& host) {
  std::map<std::string, double> values;
  for (const std::string& line : host.Lines()) {
    const std::size_t blank = line.rfind(' ');
    values[line.substr(0, blank)] = std::stod(line.substr(blank + 1));
  }
  return values;
}

void AddFds(const FixtureHost& host) {
  for (const char* fd : {"0", "1", "2"}) host.Write(std::string("proc/self/fd/") + fd, "");
}

TEST(Process, ShowsTheStandardNames) {
  FixtureHost host(kCollector, kFixture);
  AddFds(host);
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  EXPECT_EQ(Values(host), (std::map<std::string, double>{
                              {"process_cpu_seconds_total", 0},
                              {"process_max_fds", 20000},
                              {"process_open_fds", 3},
                              {"process_resident_memory_bytes", 390 * page},
                              {"process_start_time_seconds", 1795323220 + 225353 / ticks},
                              {"process_threads", 1},
                              {"process_virtual_memory_bytes", 3133440},
                          }));
}

TEST(Process, ShowsAnAddressSpaceLimitWhereThereIsOne) {
  FixtureHost host(kCollector, kFixture);
  AddFds(host);
  host.Write("proc/self/limits",
             "Max open files            unlimited   unlimited  files\n"
             "Max address space         1048576     unlimited  bytes\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  const auto values = Values(host);
  EXPECT_EQ(values.at("process_virtual_memory_max_bytes"), 1048576);
  EXPECT_EQ(values.count("process_max_fds"), 0u);
}

TEST(Process, LosesOnlyWhatCannotBeRead) {
  FixtureHost host(kCollector, kFixture);
  host.Remove("proc/self/limits");
  host.Remove("proc/stat");
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  EXPECT_EQ(outcome.error->path, host.PathOf("proc/stat")) << "the first of three";
  EXPECT_EQ(host.samples().size(), 4u);
}

TEST(Process, KeepsItsStartTimeWhenTheClockIsSet) {
  FixtureHost host(kCollector, kFixture);
  AddFds(host);
  host.Collect();
  const double before = Values(host).at("process_start_time_seconds");
  host.Write("proc/stat", "btime 1\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_EQ(Values(host).at("process_start_time_seconds"), before);
}

TEST(Process, IsAbsentWithoutAProcfs) {
  FixtureHost host(kCollector);
  EXPECT_EQ(host.Collect().state, CollectorState::kAbsent);
}

TEST(Process, DescribesThisProcess) {
  FixtureHost host(kCollector);
  host.UseTheRealKernel();
  ASSERT_EQ(host.Collect().state, CollectorState::kOk);
  const auto values = Values(host);
  rlimit files = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  EXPECT_EQ(values.at("process_max_fds"), static_cast<double>(files.rlim_cur));
  EXPECT_GE(values.at("process_open_fds"), 3);
  EXPECT_GT(values.at("process_resident_memory_bytes"), 1 << 20);
  std::ifstream proc_stat("/proc/stat");
  std::string word;
  while (proc_stat >> word && word != "btime") continue;
  double boot_time = 0;
  proc_stat >> boot_time;
  EXPECT_GE(values.at("process_start_time_seconds"), boot_time);
}

}  // namespace
}  // namespace netstack::process
