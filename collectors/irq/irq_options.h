#pragma once

#include <array>

#include "collectors/network_cards.h"
#include "collectors/options.h"
#include "collectors/tier_option.h"
#include "model/joined.h"

namespace netstack::irq {

// What a person can ask of interrupts.
inline constexpr auto kOptions = Joined(
    kCardOptions,
    std::to_array<OptionSpec>({
        {.name = "per-queue",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Show each queue of a device that has more than 32 interrupts, not their "
                 "sums."},
        {.name = "matrix",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Show the interrupts of network cards by number and CPU."},
        {.name = "handler-time",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Time the handlers of network cards' interrupts (eBPF)."},
        {.name = "per-cpu",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Show what each CPU took of each card on a host with more than two cards, not "
                 "of all together."},
        {.name = "settings-max-age",
         .kind = OptionSpec::Kind::kDuration,
         .default_value = "1m",
         .help = "Affinities are read again when older."},
        TierOption("How much to show; extended adds where each interrupt goes and may go."),
    }));

}  // namespace netstack::irq
