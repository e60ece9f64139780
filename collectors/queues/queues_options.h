#pragma once

#include <array>

#include "collectors/network_cards.h"
#include "collectors/options.h"
#include "collectors/tier_option.h"
#include "model/joined.h"

namespace netstack::queues {

// What a person can ask of queues.
inline constexpr auto kOptions = Joined(
    kCardOptions,
    std::to_array<OptionSpec>({
        {.name = "per-queue",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Show each queue of a device that has more than 16, not their sum, least and "
                 "largest; and read all of them at each scrape, not some in turn."},
        {.name = "settings-max-age",
         .kind = OptionSpec::Kind::kDuration,
         .default_value = "1m",
         .help = "Masks and limits that only a person changes are read again when older; where "
                 "queues are read in turn, those of 16 queues at a scrape."},
        TierOption(
            "How much to show; extended adds the settings of byte queue limits, settings that are "
            "0, timeouts, RPS and XPS of each queue, and how full byte queue limits are."),
    }));

}  // namespace netstack::queues
