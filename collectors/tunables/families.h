#pragma once

#include <array>

#include "collectors/shared_families.h"
#include "model/family.h"

namespace netstack::tunables {

inline constexpr auto kFamilies = std::to_array<Family>({
    kTunableFamily,
    {.name = "netstack_tunable_info",
     .type = MetricType::kInfo,
     .role = Role::kTunable,
     .labels = {"path", "stage", "name", "device", "field", "value"},
     .help = "A setting in force that is a word, a list of words or a bitmap.",
     .source = "/proc/sys, read at each scrape"},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table, for the collector.
enum FamilyIndex : std::size_t { kTunable, kTunableInfo };
static_assert(kFamilies[kTunableInfo].name == "netstack_tunable_info");

}  // namespace netstack::tunables
