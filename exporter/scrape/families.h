#pragma once

#include <array>

#include "model/family.h"

namespace netstack {

// What a scrape says of itself.
inline constexpr auto kScrapeFamilies = std::to_array<Family>({
    {.name = "netstack_scrape_collector_success",
     .labels = {"collector"},
     .help = "1 when the collector read its source in full, or the kernel does not have it.",
     .reading = "0: see netstack_scrape_collector_state for why."},
    {.name = "netstack_scrape_collector_duration_seconds",
     .labels = {"collector"},
     .help = "Time the collector took in this scrape."},
    {.name = "netstack_scrape_collector_state",
     .labels = {"collector", "state"},
     .help = "1 for the state the collector ended this scrape in.",
     .reading = "absent is no fault: this kernel has no such source."},
    {.name = "netstack_scrape_series_suppressed_total",
     .type = MetricType::kCounter,
     .labels = {"collector"},
     .help = "Series left out because the collector reached its max-series, summed over scrapes.",
     .reading = "Rising: raise --collector.<name>.max-series or exclude devices."},
});
static_assert(FirstFault(kScrapeFamilies) == nullptr);

}  // namespace netstack
