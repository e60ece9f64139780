#include "exporter/embed/collectable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace netstack {
namespace {

// A host of two CPUs below a directory that goes away with the object.
class SmallHost {
 public:
  SmallHost() {
    std::string name = testing::TempDir() + "collectableXXXXXX";
    root_ = mkdtemp(name.data());
    Write("proc/net/softnet_stat",
          "0000000a 00000001 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
          "00000000 00000000 00000000 00000000 00000000 00000000\n"
          "0000000b 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
          "00000000 00000000 00000000 00000001 00000000 00000000\n");
    Write("proc/softirqs",
          "                    CPU0       CPU1\n"
          "      NET_TX:          1          2\n"
          "      NET_RX:          3          4\n");
    Write("sys/devices/system/cpu/online", "0-1\n");
  }
  ~SmallHost() { std::filesystem::remove_all(root_); }
  SmallHost(const SmallHost&) = delete;
  SmallHost& operator=(const SmallHost&) = delete;

  CollectableOptions Options() const {
    return {.procfs = (root_ / "proc").string(),
            .sysfs = (root_ / "sys").string(),
            .rootfs = root_.string(),
            .collectors = {"softnet"},
            .options = {},
            .device_include = {},
            .device_exclude = {}};
  }
  void Remove(const std::string& below) { std::filesystem::remove_all(root_ / below); }
  void Write(const std::string& below, std::string_view text) {
    std::filesystem::create_directories((root_ / below).parent_path());
    std::ofstream(root_ / below) << text;
  }

 private:
  std::filesystem::path root_;
};

const prometheus::MetricFamily* Find(const std::vector<prometheus::MetricFamily>& families,
                                     std::string_view name) {
  const auto at = std::find_if(families.begin(), families.end(),
                               [&](const auto& family) { return family.name == name; });
  return at == families.end() ? nullptr : &*at;
}

std::string ErrorOf(const CollectableOptions& options) {
  std::string error;
  EXPECT_EQ(Collectable::Create(options, &error), nullptr);
  return error;
}

TEST(Collectable, CollectsFromTheRootsItIsGiven) {
  const SmallHost host;
  const auto collectable = Collectable::Create(host.Options());
  ASSERT_NE(collectable, nullptr);
  const auto families = collectable->Collect();
  const auto* const dropped = Find(families, "netstack_softnet_dropped_total");
  ASSERT_NE(dropped, nullptr);
  EXPECT_EQ(dropped->type, prometheus::MetricType::Counter);
  ASSERT_EQ(dropped->metric.size(), 2u);
  EXPECT_EQ(dropped->metric[0].counter.value, 1);
  EXPECT_EQ(dropped->metric[1].counter.value, 2);
}

// The label values of a family's metrics that have the value 1: "softnet absent".
std::string OnesOf(const std::vector<prometheus::MetricFamily>& families, std::string_view name) {
  std::string ones;
  const auto* const family = Find(families, name);
  if (family == nullptr) return "no such family";
  for (const prometheus::ClientMetric& metric : family->metric) {
    if (metric.gauge.value != 1) continue;
    for (const prometheus::ClientMetric::Label& label : metric.label) ones += label.value + " ";
  }
  return ones;
}

TEST(Collectable, LosesOnlyWhatFailedAndSaysSo) {
  SmallHost host;
  const auto collectable = Collectable::Create(host.Options());
  EXPECT_EQ(OnesOf(collectable->Collect(), "netstack_scrape_collector_state"), "softnet ok ");
  host.Write("proc/net/softnet_stat", "not hex\n");
  const auto families = collectable->Collect();
  EXPECT_EQ(Find(families, "netstack_softnet_dropped_total"), nullptr);
  EXPECT_EQ(OnesOf(families, "netstack_scrape_collector_state"), "softnet failed ");
}

TEST(Collectable, RunsTheDefaultCollectorsButThatOfTheProcess) {
  const SmallHost host;
  CollectableOptions options = host.Options();
  options.collectors = {};
  const auto families = Collectable::Create(options)->Collect();
  const auto* const success = Find(families, "netstack_scrape_collector_success");
  ASSERT_NE(success, nullptr);
  std::vector<std::string> names;
  for (const auto& metric : success->metric) names.push_back(metric.label.at(0).value);
  EXPECT_THAT(names, testing::Contains("softnet"));
  EXPECT_THAT(names, testing::Not(testing::Contains("process")));
}

TEST(Collectable, HasThePathFamilies) {
  const SmallHost host;
  const auto families = Collectable::Create(host.Options())->Collect();
  EXPECT_NE(Find(families, "netstack_path_drops_total"), nullptr);
  EXPECT_NE(Find(families, "netstack_stage_info"), nullptr);
}

TEST(Collectable, CutsACollectorToItsMaxSeries) {
  const SmallHost host;
  CollectableOptions options = host.Options();
  options.options = {{"softnet.max-series", "3"}};
  const auto families = Collectable::Create(options)->Collect();
  const auto* const suppressed = Find(families, "netstack_scrape_series_suppressed_total");
  ASSERT_NE(suppressed, nullptr);
  EXPECT_GT(suppressed->metric.at(0).counter.value, 0);
}

TEST(Collectable, SaysWhichOptionIsWrong) {
  const SmallHost host;
  CollectableOptions options = host.Options();
  options.collectors = {"softnet", "nosuch"};
  EXPECT_EQ(ErrorOf(options), "no such collector: 'nosuch'");
  options = host.Options();
  options.options = {{"softnet.nosuch", "1"}};
  EXPECT_EQ(ErrorOf(options), "softnet.nosuch: no such option");
  options.options = {{"nosuch.tier", "1"}};
  EXPECT_EQ(ErrorOf(options), "nosuch.tier: no such collector");
  options.options = {{"softnet.max-series", "many"}};
  EXPECT_EQ(ErrorOf(options), "softnet.max-series: not a whole number: 'many'");
  options.options = {{"tier", "1"}};
  EXPECT_EQ(ErrorOf(options), "tier: not of the form collector.option");
  options = host.Options();
  options.device_include = "eth(";
  EXPECT_NE(ErrorOf(options), "");
}

// Capabilities, signals and the like of this process, as the kernel tells them.
std::string Privileges() {
  std::ifstream status("/proc/self/status");
  std::string kept, line;
  while (std::getline(status, line)) {
    for (const std::string_view word :
         {"Cap", "Sig", "Shd", "NoNewPrivs", "Seccomp", "Uid", "Gid"}) {
      if (line.starts_with(word)) kept += line + "\n";
    }
  }
  return kept;
}

TEST(Collectable, ChangesNothingProcessWide) {
  const SmallHost host;
  const std::string before = Privileges();
  const auto collectable = Collectable::Create(host.Options());
  collectable->Collect();
  EXPECT_NE(before.find("CapEff"), std::string::npos);
  EXPECT_EQ(Privileges(), before);
}

TEST(Collectable, ServesSeveralThreadsAtOnce) {
  const SmallHost host;
  const auto collectable = Collectable::Create(host.Options());
  std::atomic<int> right{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const auto families = collectable->Collect();
        const auto* const dropped = Find(families, "netstack_softnet_dropped_total");
        right += dropped != nullptr && dropped->metric.size() == 2;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(right, 200);
}

}  // namespace
}  // namespace netstack
