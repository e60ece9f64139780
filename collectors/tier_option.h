#pragma once

#include <string_view>

#include "collectors/options.h"
#include "model/family.h"

namespace netstack {

// The option `tier`: how much a collector shows. `help` says what each tier has.
constexpr OptionSpec TierOption(std::string_view help, std::string_view words = "core|extended",
                                std::string_view default_value = "core") {
  return {.name = "tier",
          .kind = OptionSpec::Kind::kWord,
          .default_value = default_value,
          .help = help,
          .words = words};
}

// The tier in force; core for words that name none, such as "auto".
inline Tier TierOf(const OptionValues& options) {
  for (const Tier tier : {Tier::kExtended, Tier::kAll}) {
    if (options.Text("tier") == Slug(tier)) return tier;
  }
  return Tier::kCore;
}

// Whether what belongs to `tier` is shown where `in_force` is.
constexpr bool IsShownAt(Tier in_force, Tier tier) {
  return tier <= in_force;
}

}  // namespace netstack
