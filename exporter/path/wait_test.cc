#include "exporter/path/wait.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "exporter/path/families.h"

namespace netstack {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kFamilies = std::to_array<Family>({{.name = "netstack_softirq_wait_seconds",
                                                   .type = MetricType::kHistogram,
                                                   .labels = {"vector", "context"},
                                                   .help = "W."}});
constexpr CollectorDeclaration kNapi = {.name = "napi", .families = kFamilies};
constexpr std::array<const CollectorDeclaration*, 1> kCollectors = {&kNapi};

class WaitTest : public testing::Test {
 protected:
  void Add(std::string_view vector, std::string_view context, std::uint64_t quick,
           std::uint64_t all, double sum) {
    const std::array<std::string_view, 2> labels = {vector, context};
    source_.AddBucket(kFamilies[0], labels, "0.001", quick);
    source_.AddBucket(kFamilies[0], labels, "+Inf", all);
    source_.AddSum(kFamilies[0], labels, sum);
    source_.AddCount(kFamilies[0], labels, all);
  }
  std::vector<std::string> Shown() {
    const std::array<CollectorReport, 1> reports = {
        CollectorReport{.declaration = &kNapi, .asked = true, .samples = &source_}};
    Samples out(kPathFamilies);
    wait_.Add(reports, out);
    std::vector<std::string> shown;
    out.ForEach(kPathWait, [&](const Samples::View& view) {
      std::string line;
      view.ForEachLabel([&](std::size_t, std::string_view value) {
        if (!value.empty()) line += std::string(value) + " ";
      });
      shown.push_back(line + std::to_string(static_cast<int>(view.value().AsDouble())));
    });
    return shown;
  }

  Samples source_{kFamilies};
  Wait wait_{WaitRows()[0], kCollectors};
};

TEST_F(WaitTest, AddsUpTheContextsOfItsVector) {
  Add("net_rx", "interrupt", 3, 4, 10);
  Add("net_rx", "ksoftirqd", 1, 9, 20);
  Add("net_tx", "interrupt", 100, 100, 100);
  EXPECT_THAT(Shown(), ElementsAre("receive napi 0.001 4", "receive napi +Inf 13",
                                   "receive napi 30", "receive napi 13"));
  EXPECT_EQ(Shown().size(), 4u) << "a second round adds nothing to the first";
  EXPECT_EQ(Shown().front(), "receive napi 0.001 4");
}

TEST_F(WaitTest, IsAbsentWithoutItsSource) {
  Add("net_tx", "interrupt", 1, 1, 1);
  EXPECT_THAT(Shown(), IsEmpty());
}

}  // namespace
}  // namespace netstack
