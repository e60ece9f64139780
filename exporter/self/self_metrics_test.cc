#include "exporter/self/self_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/self/registry_page.h"

namespace netstack {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Page(const SelfMetrics& metrics, PageFormat format, bool with_http) {
  std::string out;
  metrics.Append(format, with_http, out);
  return out;
}

TEST(SelfMetrics, CountAnswersByStatus) {
  SelfMetrics metrics;
  metrics.CountResponse(200);
  metrics.CountResponse(503);
  metrics.CountResponse(503);
  const std::string page = Page(metrics, PageFormat::kText, true);
  EXPECT_THAT(page, HasSubstr("# TYPE netstack_http_responses_total counter\n"));
  EXPECT_THAT(page, HasSubstr("netstack_http_responses_total{code=\"200\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("netstack_http_responses_total{code=\"503\"} 2\n"));
  EXPECT_THAT(Page(metrics, PageFormat::kText, false), Not(HasSubstr("netstack_http_")));
}

TEST(SelfMetrics, NameCountersAsOpenMetricsWants) {
  const SelfMetrics metrics;
  const std::string page = Page(metrics, PageFormat::kOpenMetrics, true);
  EXPECT_THAT(page, HasSubstr("# TYPE netstack_http_responses counter\n"));
  EXPECT_THAT(page, HasSubstr("netstack_http_responses_total{code=\"200\"} 0\n"));
}

TEST(SelfMetrics, KeepTheTimeOfTheLastGoodConfiguration) {
  SelfMetrics metrics;
  metrics.ConfigLoaded(true);
  const std::string good = Page(metrics, PageFormat::kText, false);
  EXPECT_THAT(good, HasSubstr("netstack_config_last_reload_successful 1\n"));
  metrics.ConfigLoaded(false);
  const std::string bad = Page(metrics, PageFormat::kText, false);
  EXPECT_THAT(bad, HasSubstr("netstack_config_last_reload_successful 0\n"));
  const std::string_view time = "netstack_config_last_reload_success_timestamp_seconds ";
  EXPECT_EQ(bad.substr(bad.find(time)), good.substr(good.find(time)));
}

TEST(RegistryPage, EscapesWhatPeopleCanWrite) {
  prometheus::ClientMetric metric;
  metric.label = {{"name", "a\"b\n\xff"}};
  metric.gauge.value = 1.5;
  std::string out;
  AppendMetricFamilies({{.name = "netstack_x",
                         .help = "two\nlines",
                         .type = prometheus::MetricType::Gauge,
                         .metric = {metric}}},
                       PageFormat::kText, out);
  EXPECT_EQ(out,
            "# HELP netstack_x two\\nlines\n# TYPE netstack_x gauge\n"
            "netstack_x{name=\"a\\\"b\\n\xEF\xBF\xBD\"} 1.5\n");
}

}  // namespace
}  // namespace netstack
