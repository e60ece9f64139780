#include "exporter/exposition/unit.h"

#include <gtest/gtest.h>

namespace netstack {
namespace {

Family Named(std::string_view name, MetricType type = MetricType::kGauge) {
  return {.name = name, .type = type, .help = "Help."};
}

TEST(OpenMetricsName, DropsTheSuffixOfTheType) {
  EXPECT_EQ(OpenMetricsName(Named("netstack_x_total", MetricType::kCounter)), "netstack_x");
  EXPECT_EQ(OpenMetricsName(Named("netstack_build_info", MetricType::kInfo)), "netstack_build");
  EXPECT_EQ(OpenMetricsName(Named("netstack_x_packets")), "netstack_x_packets");
}

TEST(UnitOf, IsTheLastWordWhenThatIsAUnit) {
  EXPECT_EQ(UnitOf(Named("netstack_x_bytes_total", MetricType::kCounter)), "bytes");
  EXPECT_EQ(UnitOf(Named("netstack_path_wait_seconds", MetricType::kHistogram)), "seconds");
  EXPECT_EQ(UnitOf(Named("netstack_path_saturation_ratio")), "ratio");
  EXPECT_EQ(UnitOf(Named("netstack_x_dropped_total", MetricType::kCounter)), "");
  EXPECT_EQ(UnitOf(Named("netstack_kilobytes")), "");
  EXPECT_EQ(UnitOf(Named("netstack_x_bytes_info", MetricType::kInfo)), "");
}

}  // namespace
}  // namespace netstack
