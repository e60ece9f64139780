#pragma once

#include "model/family.h"

namespace netstack {

// Families that several collectors declare. Each puts a copy into its own table; the page shows the
// samples of all of them below one HELP and TYPE. The declaration is the same everywhere: a test
// refuses any other family that two collectors declare.

inline constexpr Family kTunableFamily = {
    .name = "netstack_tunable",
    .role = Role::kTunable,
    .labels = {"path", "stage", "name", "device", "field", "unit"},
    .help =
        "A setting in force, as it would be typed back: in the unit that the setting has. Of "
        "a CPU bitmap, the number of CPUs in it.",
    .source = "/proc/sys, read at each scrape; for ethtool.* ethtool netlink, read when it changes",
    .reading =
        "The knob to a stage: hold it against the stage's depth, pressure and drops, and "
        "change it only when those ask for it. A change without a change of yours is "
        "worth a look."};

// True if two tables may both have the family: one number per sample, nothing else.
constexpr bool MayBeShared(const Family& family) {
  return family.name == kTunableFamily.name;
}

}  // namespace netstack
