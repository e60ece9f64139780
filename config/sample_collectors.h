#pragma once

#include <array>

#include "collectors/collector.h"

namespace netstack {

// Two collectors that do not exist, for the tests: one with an option of every kind, one that is
// off unless asked for.
inline constexpr std::array<OptionSpec, 7> kSampleLinkOptions = {{
    {.name = "device-include",
     .kind = OptionSpec::Kind::kRegex,
     .default_value = "",
     .help = "Only devices whose whole name matches."},
    {.name = "device-exclude",
     .kind = OptionSpec::Kind::kRegex,
     .default_value = "",
     .help = "All devices but those whose whole name matches."},
    {.name = "raw",
     .kind = OptionSpec::Kind::kBool,
     .default_value = "false",
     .help = "Everything as the driver says it."},
    {.name = "tier",
     .kind = OptionSpec::Kind::kWord,
     .default_value = "extended",
     .help = "How much.",
     .words = "core|extended|all"},
    {.name = "age",
     .kind = OptionSpec::Kind::kDuration,
     .default_value = "1m30s",
     .help = "How old a setting may be."},
    {.name = "fields",
     .kind = OptionSpec::Kind::kList,
     .default_value = "a,b",
     .help = "Which fields."},
    {.name = "prefix",
     .kind = OptionSpec::Kind::kText,
     .default_value = "say \"\\\"",
     .help = "A text that needs escapes."},
}};

inline constexpr CollectorDeclaration kSampleLink = {
    .name = "link", .summary = "Devices.", .options = kSampleLinkOptions};
inline constexpr CollectorDeclaration kSampleSockets = {
    .name = "sockets", .summary = "Queues of sockets.", .enabled_by_default = false};

inline constexpr std::array<const CollectorDeclaration*, 2> kSampleCollectors = {&kSampleLink,
                                                                                 &kSampleSockets};

}  // namespace netstack
