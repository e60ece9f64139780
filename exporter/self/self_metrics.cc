#include "exporter/self/self_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <chrono>

#include "exporter/self/build.h"
#include "exporter/self/registry_page.h"

namespace netstack {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;

prometheus::Gauge& AddGauge(prometheus::Registry& registry, const std::string& name,
                            const std::string& help) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

SelfMetrics::SelfMetrics()
    : responses_(BuildCounter()
                     .Name("netstack_http_responses_total")
                     .Help("Answers to HTTP requests, by status.")
                     .Register(http_)),
      in_flight_(AddGauge(http_, "netstack_http_requests_in_flight",
                          "HTTP requests being answered now, this one too.")),
      config_successful_(AddGauge(
          always_, "netstack_config_last_reload_successful",
          "1 if the last attempt to load the configuration succeeded; 0: the former one is in "
          "force.")),
      config_time_(AddGauge(always_, "netstack_config_last_reload_success_timestamp_seconds",
                            "Time of the last configuration that was loaded, in Unix seconds.")) {
  BuildGauge()
      .Name("netstack_build_info")
      .Help("How this program was built.")
      .Register(always_)
      .Add({{"version", kVersion}, {"revision", kRevision}, {"compiler", kCompiler}})
      .Set(1);
  responses_.Add({{"code", "200"}});
}

void SelfMetrics::CountResponse(int status) {
  responses_.Add({{"code", std::to_string(status)}}).Increment();
}

void SelfMetrics::RequestStarted() {
  in_flight_.Increment();
}
void SelfMetrics::RequestEnded() {
  in_flight_.Decrement();
}

void SelfMetrics::ConfigLoaded(bool successful) {
  config_successful_.Set(successful ? 1 : 0);
  if (!successful) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  config_time_.Set(std::chrono::duration<double>(now).count());
}

void SelfMetrics::Append(PageFormat format, bool with_http, std::string& out) const {
  AppendMetricFamilies(always_.Collect(), format, out);
  if (with_http) AppendMetricFamilies(http_.Collect(), format, out);
}

}  // namespace netstack
