#pragma once

#include <array>

#include "model/family.h"

namespace netstack {

// What the exporter says of itself; the values are in SelfMetrics.
inline constexpr auto kSelfFamilies = std::to_array<Family>({
    {.name = "netstack_build_info",
     .type = MetricType::kInfo,
     .labels = {"version", "revision", "compiler", "ebpf"},
     .help = "How this program was built."},
    {.name = "netstack_config_last_reload_successful",
     .help = "1 if the last attempt to load the configuration succeeded; 0: the former one is in "
             "force.",
     .reading = "0: the log of the last SIGHUP says what is wrong with the file."},
    {.name = "netstack_config_last_reload_success_timestamp_seconds",
     .help = "Time of the last configuration that was loaded, in Unix seconds."},
    {.name = "netstack_http_responses_total",
     .type = MetricType::kCounter,
     .labels = {"code"},
     .help = "Answers to HTTP requests, by status."},
    {.name = "netstack_http_requests_in_flight",
     .help = "HTTP requests being answered now, this one too."},
});
static_assert(FirstFault(kSelfFamilies) == nullptr);

enum SelfFamilyIndex : std::size_t {
  kSelfBuild,
  kSelfConfigSuccessful,
  kSelfConfigTime,
  kSelfResponses,
  kSelfInFlight,
};
static_assert(kSelfFamilies[kSelfInFlight].name == "netstack_http_requests_in_flight");

}  // namespace netstack
