#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "collectors/collector.h"
#include "collectors/network_cards.h"
#include "collectors/nic/families.h"
#include "collectors/nic/meanings.h"
#include "collectors/nic/queue_stats.h"
#include "collectors/tier_option.h"
#include "kernel/driver_statistics.h"
#include "kernel/missing.h"
#include "model/joined.h"

namespace netstack::nic {
namespace {

constexpr auto kOptions = Joined(
    kCardOptions,
    std::to_array<OptionSpec>({
        {.name = "per-queue",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Show each queue of a device that has more than 16, not their sum, least and "
                 "largest."},
        {.name = "raw-include",
         .kind = OptionSpec::Kind::kRegex,
         .default_value = "",
         .help = "Driver statistics to show as they come, by whole name, whatever the driver; .* "
                 "shows all."},
        {.name = "raw-exclude",
         .kind = OptionSpec::Kind::kRegex,
         .default_value = "",
         .help = "Driver statistics never to show as they come, by whole name."},
        TierOption(
            "How much to show; extended adds events by queue and those that the path families "
            "have, drops of XDP among them, what filters of the card drop, and offloads."),
    }));

// Names of a driver without a table.
constexpr std::size_t kMostRaw = 64;
constexpr std::size_t kRawOfCard = 4;
constexpr std::size_t kRawOfQueue = 8;

std::optional<std::regex> Expression(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return std::regex(text, std::regex::ECMAScript | std::regex::optimize);
}

class NicCollector : public Collector {
 public:
  NicCollector(const CollectorContext& context, Choice choice)
      : kernel_(context.kernel),
        cards_(kernel_, context.options, context.devices),
        reader_(kernel_.roots, kernel_.file_observer),
        queue_stats_(kernel_.netlink),
        choice_(std::move(choice)) {}

  Outcome Collect(Samples& out) override {
    if (Status updated = cards_.Update(); !updated) return Outcome::FromError(updated.error());
    // Without it what it says would be taken from the other source, which counts differently.
    if (Status updated = queue_stats_.Update(); !updated) {
      return Outcome::FromError(updated.error());
    }
    std::optional<Error> first_error;
    bool has_any = false;
    for (const NetworkCard& card : cards_.all()) {
      const auto [found, is_new] = states_.try_emplace(card.identity, card.driver, choice_);
      State& state = found->second;
      if (is_new && !IsKnownDriver(card.driver)) state.meanings.LimitRaw(MostRawOf(card));
      if (Status read = reader_.Read(card.name, state.statistics); !read) {
        if (!IsMissing(read.error())) {
          if (!first_error) first_error = read.error();
          continue;
        }
        state.Forget();
      }
      has_any = true;
      state.meanings.Update(state.statistics, queue_stats_.Of(card.index));
      for (const Shown& shown : state.meanings.shown()) Add(card, shown, out);
    }
    std::erase_if(states_, [this](const auto& item) {
      return std::ranges::find(cards_.all(), item.first, &NetworkCard::identity) ==
             cards_.all().end();
    });
    if (!first_error) return {};
    if (!has_any) return Outcome::FromError(*first_error);
    return {.state = CollectorState::kPartial, .error = first_error};
  }

 private:
  struct State {
    State(const std::string& driver, const Choice& choice) : meanings(driver, choice) {}
    void Forget() {
      if (statistics.names.empty()) return;
      statistics.names.clear();
      statistics.values.clear();
      ++statistics.generation;
    }

    DriverStatistics statistics;
    Meanings meanings;
  };

  // As many as a card's and its queues' share of the page has room for.
  std::size_t MostRawOf(const NetworkCard& card) {
    entries_.clear();
    // What cannot be listed has no queues.
    (void)kernel_.ListDirectory(kernel_.roots.Sys("class/net/" + card.name + "/queues"), entries_);
    const auto in_direction = [&](std::string_view prefix) {
      return static_cast<std::size_t>(std::ranges::count_if(
          entries_, [&](const DirectoryEntry& entry) { return entry.name.starts_with(prefix); }));
    };
    const std::size_t queues = std::max({in_direction("rx-"), in_direction("tx-"), std::size_t{1}});
    return std::min(kMostRaw, kRawOfCard + kRawOfQueue * queues);
  }

  static void Add(const NetworkCard& card, const Shown& shown, Samples& out) {
    const Family& family = kFamilies[shown.family];
    const Visibility visibility = shown.path_only ? Visibility::kPathOnly : Visibility::kEverywhere;
    switch (shown.family) {
      case kPackets:
      case kBytes:
        out.Add(family, {card.label, shown.direction, shown.queue}, shown.value);
        return;
      case kMostPackets:
      case kLeastPackets:
        out.Add(family, {card.label, shown.direction}, shown.value);
        return;
      case kMostDrops:
        out.Add(family, {card.label, shown.direction, shown.cause}, shown.value);
        return;
      case kDrops:
      case kEvents:
      case kOffloadPackets:
      case kOffloadBytes:
        out.Add(family, {card.label, shown.direction, shown.queue, shown.cause}, shown.value,
                visibility);
        return;
      case kRingOverruns:
        out.Add(family, {card.label, shown.queue}, shown.value);
        return;
      case kRaw:
        out.Add(family, {card.label, shown.cause}, shown.value);
        return;
    }
  }

  Kernel kernel_;
  NetworkCards cards_;
  DriverStatisticsReader reader_;
  QueueStats queue_stats_;
  Choice choice_;
  std::vector<DirectoryEntry> entries_;
  std::map<std::uint64_t, State> states_;  // By identity.
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "nic",
    .summary = "Statistics of network card drivers by queue, in one model for all drivers.",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<NicCollector>(
          context, Choice{.per_queue = context.options.Bool("per-queue"),
                          .extended = TierOf(context.options) != Tier::kCore,
                          .raw_include = Expression(context.options.Text("raw-include")),
                          .raw_exclude = Expression(context.options.Text("raw-exclude"))});
    },
};

}  // namespace netstack::nic
