#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "collectors/options.h"

namespace netstack {

// What the configuration needs to know of a collector. Beside `options` every collector has
// `enabled` and `max-series`, which it must not declare itself. device-include and device-exclude
// have no default: a collector that declares them overrides the shared device policy.
struct CollectorOptionsDecl {
  std::string_view name;
  std::string_view summary;  // One sentence.
  bool default_enabled = true;
  std::span<const OptionSpec> options = {};
  std::int64_t default_max_series = 10'000;
};

}  // namespace netstack
