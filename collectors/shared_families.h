#pragma once

#include "model/family.h"

namespace netstack {

// Families that several collectors declare. Each puts a copy into its own table; the page shows the
// samples of all of them below one HELP and TYPE. The declaration is the same everywhere, but for
// the label netns: a test refuses any other family that two collectors declare.

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

// True for the copy of another collector's family whose samples are of other network namespaces:
// the same but for the label netns at the end.
constexpr bool IsOfOtherNamespaces(const Family& family) {
  const std::size_t labels = family.label_count();
  return labels > 0 && family.labels[labels - 1] == "netns";
}

// True if another table may have a family of the same name.
constexpr bool MayBeShared(const Family& family) {
  return family.name == kTunableFamily.name || IsOfOtherNamespaces(family);
}

}  // namespace netstack
