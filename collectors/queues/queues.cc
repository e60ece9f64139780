#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <memory>
#include <optional>

#include "collectors/collector.h"
#include "collectors/network_cards.h"
#include "collectors/queues/card_queues.h"
#include "collectors/queues/families.h"
#include "collectors/queues/queues_options.h"
#include "collectors/tier_option.h"
#include "kernel/tick.h"

namespace netstack::queues {
namespace {

using Clock = std::chrono::steady_clock;

// Of a device with more, each queue is shown on request only.
constexpr std::size_t kMostQueuesShown = 16;
// Of one that has fewer, these too: they are the same for all queues, or never happen.
constexpr std::array kTogether = {kTimeouts, kXpsCpus, kRpsCpus, kRpsFlows};
// So many queues of all devices with more are read at a scrape, but some of each.
constexpr std::size_t kMostInTurn = 24;
constexpr std::size_t kLeastInTurn = 4;

class QueuesCollector : public Collector {
 public:
  struct Options {
    bool per_queue;
    Clock::duration max_age;
    bool extended;
    bool details;  // Also those that the page does not show are read.
  };
  QueuesCollector(const CollectorContext& context, Options options)
      : kernel_(context.kernel),
        cards_(kernel_, context.options, context.devices),
        reader_(kernel_.file_observer),
        options_(options) {}

  Outcome Collect(Samples& out) override {
    if (Status updated = cards_.Update(); !updated) return Outcome::FromError(updated.error());
    first_error_.reset();
    bool has_any = false;
    const Clock::time_point now = Clock::now();
    Clock::time_point oldest = now;
    at_once_ = QueuesAtOnce();
    ReadOldestSettings(now);
    for (const NetworkCard& card : cards_.all()) {
      State& state = states_[card.identity];
      Refresh(card, now, state);
      AddCard(card, state.queues, out);
      AddReadAge(card, now, state, out);
      if (state.queues.HasAny()) oldest = std::min(oldest, SettingsReadAt(state, now));
      has_any |= state.queues.HasAny();
    }
    if (has_any) out.Add(kFamilies[kSettingsAge], {}, Seconds(now - oldest));
    std::erase_if(states_, [this](const auto& item) {
      return std::ranges::find(cards_.all(), item.first, &NetworkCard::identity) ==
             cards_.all().end();
    });
    if (!first_error_) return {};
    if (!has_any) return Outcome::FromError(*first_error_);
    return {.state = CollectorState::kPartial, .error = first_error_};
  }

 private:
  struct State {
    CardQueues queues;
    std::optional<Clock::time_point> listed_at = {};
  };

  // Not all queues of it are read at each scrape.
  bool TakesTurns(const State& state) const {
    return !options_.per_queue && state.queues.size() > kMostQueuesShown;
  }

  // Of each card whose queues take turns: what a scrape costs is not to grow with their number.
  std::size_t QueuesAtOnce() const {
    const auto cards = static_cast<std::size_t>(std::ranges::count_if(
        states_, [this](const auto& item) { return TakesTurns(item.second); }));
    return std::clamp(kMostInTurn / std::max<std::size_t>(cards, 1), kLeastInTurn,
                      kMostQueuesShown);
  }

  // Of the cards whose queues take turns.
  void ReadOldestSettings(Clock::time_point now) {
    State* oldest = nullptr;
    for (auto& [identity, state] : states_) {
      if (!TakesTurns(state)) continue;
      if (oldest == nullptr ||
          state.queues.settings_read_at(now) < oldest->queues.settings_read_at(now)) {
        oldest = &state;
      }
    }
    if (oldest == nullptr) return;
    Note(oldest->queues.ReadSettings(reader_, kMostQueuesShown, now - options_.max_age, now));
  }

  void Refresh(const NetworkCard& card, Clock::time_point now, State& state) {
    CardQueues& queues = state.queues;
    const bool is_new = !state.listed_at || queues.lost_a_queue();
    const bool is_due = is_new || now - *state.listed_at >= options_.max_age;
    const bool takes_turns = TakesTurns(state);
    if (!is_due || (!is_new && takes_turns && queues.IsAsBefore(kernel_))) {
      if (is_due) {
        Note(queues.ReadDevice(reader_));
        state.listed_at = now;
      }
      Note(takes_turns ? queues.ReadSome(reader_, at_once_, now) : queues.ReadAll(reader_, now));
      if (!queues.lost_a_queue()) return;
    }
    Note(queues.Discover(kernel_, reader_, card.name, options_.details, now));
    state.listed_at = now;
  }

  // Of a card that takes no turns all are read when its queues are listed.
  Clock::time_point SettingsReadAt(const State& state, Clock::time_point now) const {
    return TakesTurns(state) ? std::min(*state.listed_at, state.queues.settings_read_at(now))
                             : *state.listed_at;
  }

  static double Seconds(Clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
  }

  // Of a card whose queues are all read at each scrape there is nothing to say.
  void AddReadAge(const NetworkCard& card, Clock::time_point now, const State& state,
                  Samples& out) const {
    if (!TakesTurns(state)) return;
    out.Add(kFamilies[kReadAge], {card.label}, Seconds(now - state.queues.read_at(now)));
  }

  void Note(const Status& status) {
    if (!status && !first_error_) first_error_ = status.error();
  }

  void AddCard(const NetworkCard& card, const CardQueues& queues, Samples& out) const {
    for (const CardQueues::DeviceValue& value : queues.device()) {
      if (!value.value) continue;
      Add(*value.file, {card.label}, *value.value, VisibilityOf(value.file->family, *value.value),
          out);
    }
    const auto add_count = [&](FamilyIndex family, std::size_t count) {
      if (count != 0) out.Add(kFamilies[family], {card.label}, std::uint64_t{count});
    };
    add_count(kReceiveQueues, queues.receive().numbers.size());
    add_count(kTransmitQueues, queues.transmit().numbers.size());
    AddFill(card, queues.transmit(), out);
    for (const QueueSide& side : queues.sides()) {
      for (const QueueRow& row : side.rows) {
        if (!IsShown(kFamilies[row.file->family])) continue;
        if (IsShownByQueue(row.file->family, side.numbers.size())) {
          AddEach(card, side, row, out);
        } else {
          AddTogether(card, side, row, out);
        }
      }
    }
  }

  bool IsShownByQueue(FamilyIndex family, std::size_t queues) const {
    const bool is_detail = std::ranges::find(kTogether, family) != kTogether.end();
    return options_.per_queue || queues == 1 ||
           (queues <= kMostQueuesShown && (options_.extended || !is_detail));
  }

  bool IsShown(const Family& family) const {
    return options_.extended || family.tier == Tier::kCore;
  }

  // A setting that nobody made says nothing; the ledger wants to know that packets are not steered.
  Visibility VisibilityOf(FamilyIndex family, std::uint64_t value) const {
    const bool is_off = value == 0 && kFamilies[family].role == Role::kTunable;
    return is_off && !options_.extended ? Visibility::kHidden : Visibility::kEverywhere;
  }

  void AddFill(const NetworkCard& card, const QueueSide& transmit, Samples& out) const {
    const QueueRow* const inflight = transmit.Find(kInflight);
    const QueueRow* const limit = transmit.Find(kLimit);
    if (inflight == nullptr || limit == nullptr) return;
    double worst = -1;
    for (std::size_t i = 0; i < transmit.numbers.size(); ++i) {
      if (!transmit.Means(*inflight, i)) continue;
      worst = std::max(worst, static_cast<double>(*inflight->values[i]) /
                                  static_cast<double>(*limit->values[i]));
    }
    if (worst < 0) return;
    out.Add(kFamilies[kFill], {card.label}, worst,
            IsShown(kFamilies[kFill]) ? Visibility::kEverywhere : Visibility::kPathOnly);
  }

  // The values of one row, by queue.
  void AddEach(const NetworkCard& card, const QueueSide& side, const QueueRow& row,
               Samples& out) const {
    for (std::size_t i = 0; i < side.numbers.size(); ++i) {
      if (!side.Means(row, i)) continue;
      char digits[16];
      const char* const last = std::to_chars(digits, digits + sizeof digits, side.numbers[i]).ptr;
      const std::string_view queue(digits, static_cast<std::size_t>(last - digits));
      Add(*row.file, {card.label, queue, ""}, *row.values[i],
          VisibilityOf(row.file->family, *row.values[i]), out);
      if (!options_.extended || row.cpus.empty() || row.cpus[i].empty()) continue;
      const FamilyIndex mask = row.file->family == kXpsCpus ? kXpsMask : kRpsMask;
      out.Add(kFamilies[mask], {card.label, queue, row.cpus[i]}, std::uint64_t{1});
    }
  }

  // The values of one row as their sum, least and largest.
  void AddTogether(const NetworkCard& card, const QueueSide& side, const QueueRow& row,
                   Samples& out) const {
    std::uint64_t sum = 0;
    std::uint64_t least = UINT64_MAX;
    std::uint64_t largest = 0;
    for (std::size_t i = 0; i < side.numbers.size(); ++i) {
      if (!side.Means(row, i)) continue;
      const std::uint64_t value = *row.values[i];
      sum += value;
      least = std::min(least, value);
      largest = std::max(largest, value);
    }
    if (least > largest) return;  // None has a value.
    const Family& family = kFamilies[row.file->family];
    const Visibility visibility = VisibilityOf(row.file->family, largest);
    // A sum of settings says nothing, and neither does the least of a counter.
    if (family.role != Role::kTunable && family.role != Role::kInfo) {
      Add(*row.file, {card.label, "", "sum"}, sum, visibility, out);
    }
    if (family.type == MetricType::kCounter) return;
    Add(*row.file, {card.label, "", "min"}, least, visibility, out);
    Add(*row.file, {card.label, "", "max"}, largest, visibility, out);
  }

  void Add(const FileRow& file, std::initializer_list<std::string_view> labels,
           std::uint64_t number, Visibility visibility, Samples& out) const {
    const double scale = file.is_in_ticks ? tick_ : file.scale;
    if (scale == 1) {
      out.Add(kFamilies[file.family], labels, number, visibility);
    } else {
      out.Add(kFamilies[file.family], labels, static_cast<double>(number) * scale, visibility);
    }
  }

  Kernel kernel_;
  NetworkCards cards_;
  FileReader reader_;
  Options options_;
  const double tick_ = Seconds(KernelTick());
  std::map<std::uint64_t, State> states_;  // By identity.
  std::size_t at_once_ = 0;
  std::optional<Error> first_error_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "queues",
    .summary = "Queues of network cards: byte queue limits, timeouts, RPS and XPS.",
    // Reading xps_cpus takes RTNL.
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      const bool extended = TierOf(context.options) != Tier::kCore;
      return std::make_unique<QueuesCollector>(
          context,
          QueuesCollector::Options{.per_queue = context.options.Bool("per-queue"),
                                   .max_age = std::chrono::duration_cast<Clock::duration>(
                                       context.options.Duration("settings-max-age")),
                                   .extended = extended,
                                   // A recording has all.
                                   .details = extended || context.kernel.file_observer != nullptr});
    },
};

}  // namespace netstack::queues
