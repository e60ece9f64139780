#include "exporter/self/self_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <chrono>

#include "exporter/self/build.h"
#include "exporter/self/families.h"
#include "exporter/self/registry_page.h"

namespace netstack {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;

// Makes a family of the registry as it is declared.
template <class Builder>
auto& Register(Builder builder, SelfFamilyIndex index, prometheus::Registry& registry) {
  const Family& family = kSelfFamilies[index];
  return builder.Name(std::string(family.name)).Help(std::string(family.help)).Register(registry);
}

}  // namespace

SelfMetrics::SelfMetrics()
    : responses_(Register(BuildCounter(), kSelfResponses, http_)),
      in_flight_(Register(BuildGauge(), kSelfInFlight, http_).Add({})),
      config_successful_(Register(BuildGauge(), kSelfConfigSuccessful, always_).Add({})),
      config_time_(Register(BuildGauge(), kSelfConfigTime, always_).Add({})) {
  Register(BuildGauge(), kSelfBuild, always_)
      .Add({{"version", kVersion},
            {"revision", kRevision},
            {"compiler", kCompiler},
            {"ebpf", kEbpf}})
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
