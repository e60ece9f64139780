#include "model/family.h"

#include <gtest/gtest.h>

#include <string>

namespace netstack {
namespace {

constexpr Family kGood = {.name = "netstack_softnet_dropped_total",
                          .type = MetricType::kCounter,
                          .path = Path::kReceive,
                          .stage = Stage::kBacklog,
                          .labels = {"cpu"},
                          .help = "Packets."};

std::string Fault(const Family& family) {
  const char* const fault = FaultOf(family);
  return fault == nullptr ? "" : fault;
}

TEST(Family, AcceptsAWellFormedDeclaration) {
  EXPECT_EQ(Fault(kGood), "");
}

TEST(Family, RefusesBadNames) {
  for (const std::string_view name :
       {"", "netstack_Bad_total", "softnet_dropped_total", "netstack_a__b_total",
        "netstack_a-b_total", "netstack_x_total_"}) {
    Family family = kGood;
    family.name = name;
    EXPECT_NE(Fault(family), "") << name;
  }
}

TEST(Family, TiesSuffixesToTypes) {
  Family family = kGood;
  family.type = MetricType::kGauge;
  EXPECT_EQ(Fault(family), "_total and counter go together");
  family = kGood;
  family.name = "netstack_link_info";
  EXPECT_NE(Fault(family), "");
  family.type = MetricType::kInfo;
  EXPECT_EQ(Fault(family), "");
  family.type = MetricType::kGauge;
  family.name = "netstack_a_bucket";
  EXPECT_NE(Fault(family), "");
}

TEST(Family, RefusesLabelsThatBelongToTheScrape) {
  for (const std::string_view label : {"instance", "job", "pod", "le", "Cpu", ""}) {
    Family family = kGood;
    family.labels = {"cpu", label};
    EXPECT_EQ(Fault(family).empty(), label.empty()) << label;
  }
  Family family = kGood;
  family.labels = {"cpu", "cpu"};
  EXPECT_NE(Fault(family), "");
}

TEST(Family, WantsHelpAndWholeStages) {
  Family family = kGood;
  family.help = "no full stop";
  EXPECT_NE(Fault(family), "");
  family = kGood;
  family.stage = Stage::kNone;
  EXPECT_NE(Fault(family), "");
}

TEST(Family, FindsDuplicatesInATable) {
  const std::array<Family, 2> twice = {kGood, kGood};
  EXPECT_NE(FirstFault(twice), nullptr);
}

}  // namespace
}  // namespace netstack
