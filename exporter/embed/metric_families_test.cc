#include "exporter/embed/metric_families.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "collectors/shared_families.h"

namespace netstack {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr auto kTable = std::to_array<Family>({
    {.name = "netstack_a_total",
     .type = netstack::MetricType::kCounter,
     .labels = {"cpu", "device"},
     .help = "A."},
    {.name = "netstack_b_info", .type = netstack::MetricType::kInfo, .help = "B."},
    {.name = "netstack_d_seconds",
     .type = netstack::MetricType::kHistogram,
     .labels = {"stage"},
     .help = "D."},
    {.name = "netstack_e_bytes",
     .type = netstack::MetricType::kGaugeHistogram,
     .labels = {"queue"},
     .help = "E."},
});

std::vector<MetricFamily> Convert(const Samples& samples) {
  std::vector<MetricFamily> families;
  AppendMetricFamilies(samples, families);
  return families;
}

void AddDistribution(Samples& samples, const Family& family, std::string_view label) {
  const std::array labels = {label};
  samples.AddBucket(family, labels, "0.5", std::uint64_t{4});
  samples.AddBucket(family, labels, "+Inf", std::uint64_t{5});
  samples.AddSum(family, labels, 7.5);
  samples.AddCount(family, labels, std::uint64_t{5});
}

TEST(AppendMetricFamilies, PutsTogetherAFamilyThatTwoCollectorsShare) {
  constexpr auto kShared = std::to_array<Family>({kTunableFamily});
  Samples first(kShared);
  first.Add(kShared[0], {"", "", "a", "", "", ""}, std::uint64_t{1});
  Samples second(kShared);
  second.Add(kShared[0], {"", "", "b", "", "", ""}, std::uint64_t{2});
  std::vector<MetricFamily> families;
  AppendMetricFamilies(first, families);
  AppendMetricFamilies(second, families);
  ASSERT_EQ(families.size(), 1u);
  ASSERT_EQ(families[0].metric.size(), 2u);
  EXPECT_EQ(families[0].metric[0].gauge.value, 1);
  EXPECT_EQ(families[0].metric[1].gauge.value, 2);
}

TEST(AppendMetricFamilies, GivesCountersWithTheLabelsThatApply) {
  Samples samples(kTable);
  samples.Add(kTable[0], {"0", "eth0"}, std::uint64_t{7});
  samples.Add(kTable[0], {"", "a\"\xFF"}, std::uint64_t{8});
  samples.Add(kTable[0], {"1", "veth0"}, std::uint64_t{9}, Visibility::kHidden);
  const std::vector<MetricFamily> families = Convert(samples);
  ASSERT_EQ(families.size(), 1u);
  EXPECT_EQ(families[0].name, "netstack_a_total");
  EXPECT_EQ(families[0].help, "A.");
  EXPECT_EQ(families[0].type, MetricType::Counter);
  ASSERT_EQ(families[0].metric.size(), 2u);
  EXPECT_EQ(families[0].metric[0].label,
            (std::vector<ClientMetric::Label>{{"cpu", "0"}, {"device", "eth0"}}));
  EXPECT_EQ(families[0].metric[0].counter.value, 7);
  EXPECT_EQ(families[0].metric[1].label,
            (std::vector<ClientMetric::Label>{{"device", "a\"\uFFFD"}}));
}

TEST(AppendMetricFamilies, GivesAnInfoAsGauge) {
  Samples samples(kTable);
  samples.Add(kTable[1], {}, std::uint64_t{1});
  const std::vector<MetricFamily> families = Convert(samples);
  ASSERT_EQ(families.size(), 1u);
  EXPECT_EQ(families[0].type, MetricType::Gauge);
  EXPECT_EQ(families[0].metric.at(0).gauge.value, 1);
}

TEST(AppendMetricFamilies, GathersTheLinesOfAHistogram) {
  Samples samples(kTable);
  AddDistribution(samples, kTable[2], "qdisc");
  AddDistribution(samples, kTable[2], "tcp");
  const std::vector<MetricFamily> families = Convert(samples);
  ASSERT_EQ(families.size(), 1u);
  EXPECT_EQ(families[0].type, MetricType::Histogram);
  ASSERT_EQ(families[0].metric.size(), 2u);
  for (const ClientMetric& metric : families[0].metric) {
    EXPECT_EQ(metric.label.size(), 1u);
    ASSERT_EQ(metric.histogram.bucket.size(), 2u);
    EXPECT_EQ(metric.histogram.bucket[0].upper_bound, 0.5);
    EXPECT_EQ(metric.histogram.bucket[0].cumulative_count, 4u);
    EXPECT_EQ(metric.histogram.bucket[1].upper_bound, std::numeric_limits<double>::infinity());
    EXPECT_EQ(metric.histogram.bucket[1].cumulative_count, 5u);
    EXPECT_EQ(metric.histogram.sample_sum, 7.5);
    EXPECT_EQ(metric.histogram.sample_count, 5u);
  }
}

TEST(AppendMetricFamilies, TakesAGaugeHistogramApart) {
  Samples samples(kTable);
  AddDistribution(samples, kTable[3], "rx");
  const std::vector<MetricFamily> families = Convert(samples);
  ASSERT_EQ(families.size(), 3u);
  EXPECT_EQ(families[0].name, "netstack_e_bytes_bucket");
  EXPECT_EQ(families[0].type, MetricType::Untyped);
  ASSERT_EQ(families[0].metric.size(), 2u);
  EXPECT_EQ(families[0].metric[0].label,
            (std::vector<ClientMetric::Label>{{"queue", "rx"}, {"le", "0.5"}}));
  EXPECT_EQ(families[0].metric[0].untyped.value, 4);
  EXPECT_EQ(families[1].name, "netstack_e_bytes_gsum");
  EXPECT_EQ(families[1].metric.at(0).gauge.value, 7.5);
  EXPECT_EQ(families[2].name, "netstack_e_bytes_gcount");
  EXPECT_EQ(families[2].metric.at(0).gauge.value, 5);
}

}  // namespace
}  // namespace netstack
