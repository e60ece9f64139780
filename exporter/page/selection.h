#pragma once

#include <span>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "kernel/result.h"

namespace netstack {

// The name under which the path families are asked for, as if a collector made them.
inline constexpr std::string_view kPathSelection = "path";

// What of a page is wanted.
struct Selection {
  std::vector<char> shown;  // By collector; empty: everything, the path families too.
  bool path = true;

  bool everything() const { return shown.empty(); }
};

// Understands collect[] and exclude[] as node_exporter does: both together, an unknown name or a
// disabled collector are errors (kInvalid). `enabled` are the collectors that run, `known` all.
Result<Selection> ParseSelection(std::span<const std::string> collect,
                                 std::span<const std::string> exclude,
                                 std::span<const CollectorDeclaration* const> enabled,
                                 std::span<const CollectorDeclaration* const> known);

}  // namespace netstack
