#pragma once

#include <array>

#include "model/family.h"

namespace netstack::tunables {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_tunable",
     .role = Role::kTunable,
     .labels = {"path", "stage", "name", "device", "field", "unit"},
     .help = "A setting in force, as it would be typed back: in the unit that the setting has. Of "
             "a CPU bitmap, the number of CPUs in it.",
     .source = "/proc/sys, read at each scrape",
     .reading = "The knob to a stage: hold it against the stage's depth, pressure and drops, and "
                "change it only when those ask for it. A change without a change of yours is "
                "worth a look."},
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
