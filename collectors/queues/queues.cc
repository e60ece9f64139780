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
#include "collectors/tier_option.h"
#include "kernel/tick.h"

namespace netstack::queues {
namespace {

using Clock = std::chrono::steady_clock;

// Of a device with more, each queue is shown on request only.
constexpr std::uint32_t kMostQueuesShown = 16;
// Of one that has fewer, these too: they are the same for all queues, or never happen.
constexpr std::array kTogether = {kTimeouts, kXpsCpus, kRpsCpus, kRpsFlows};

constexpr auto kOptions = [] {
  std::array<OptionSpec, kCardOptions.size() + 3> all;
  auto next = std::ranges::copy(kCardOptions, all.begin()).out;
  *next++ = {.name = "per-queue",
             .kind = OptionSpec::Kind::kBool,
             .default_value = "false",
             .help =
                 "Show each queue of a device that has more than 16, not their sum, least and "
                 "largest; and read all of them at each scrape, not 16 in turn."};
  *next++ = {.name = "settings-max-age",
             .kind = OptionSpec::Kind::kDuration,
             .default_value = "1m",
             .help = "Masks and limits that only a person changes are read again when older."};
  *next = TierOption(
      "How much to show; extended adds the settings of byte queue limits, settings that are "
      "0, timeouts, RPS and XPS of each queue, and how full byte queue limits are.");
  return all;
}();

class QueuesCollector : public Collector {
 public:
  struct Options {
    bool per_queue;
    Clock::duration max_age;
    bool extended;
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
    for (const NetworkCard& card : cards_.all()) {
      State& state = states_[card.identity];
      Refresh(card, now, state);
      AddCard(card, state.queues, out);
      AddReadAge(card, now, state, out);
      if (state.queues.HasAny()) oldest = std::min(oldest, *state.read_at);
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
    std::optional<Clock::time_point> read_at = {};      // When all was.
    std::vector<Clock::time_point> parts_read_at = {};  // When each turn was.
  };

  void Refresh(const NetworkCard& card, Clock::time_point now, State& state) {
    if (state.read_at && now - *state.read_at < options_.max_age) {
      const std::uint32_t at_once = options_.per_queue ? UINT16_MAX + 1 : kMostQueuesShown;
      Note(state.queues.ReadLive(reader_, at_once));
      if (!state.queues.lost_a_queue) {
        state.parts_read_at[state.queues.turn()] = now;
        return;
      }
    }
    Note(state.queues.Discover(kernel_, card.name));
    Note(state.queues.ReadAll(reader_));
    state.read_at = now;
    state.parts_read_at.assign(state.queues.TurnsOf(kMostQueuesShown), now);
  }

  static double Seconds(Clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
  }

  // Of a card whose queues are all read at each scrape there is nothing to say.
  void AddReadAge(const NetworkCard& card, Clock::time_point now, const State& state,
                  Samples& out) const {
    if (options_.per_queue || state.parts_read_at.size() < 2) return;
    const Clock::time_point oldest = *std::ranges::min_element(state.parts_read_at);
    out.Add(kFamilies[kReadAge], {card.label}, Seconds(now - oldest));
  }

  void Note(const Status& status) {
    if (!status && !first_error_) first_error_ = status.error();
  }

  void AddCard(const NetworkCard& card, const CardQueues& queues, Samples& out) const {
    for (const QueueValue& value : queues.device) {
      if (!value.value) continue;
      Add(value, {card.label}, *value.value, VisibilityOf(value.row->family, *value.value), out);
    }
    const auto add_count = [&](FamilyIndex family, std::uint32_t count) {
      if (count != 0) out.Add(kFamilies[family], {card.label}, std::uint64_t{count});
    };
    add_count(kReceiveQueues, queues.receive);
    add_count(kTransmitQueues, queues.transmit);
    AddFill(card, queues, out);
    const std::vector<QueueValue>& all = queues.queues;
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && all[end].row == all[begin].row) ++end;
      if (!IsShown(kFamilies[all[begin].row->family])) continue;
      if (IsShownByQueue(all[begin].row->family, end - begin)) {
        AddEach(card, queues, begin, end, out);
      } else {
        AddTogether(card, queues, begin, end, out);
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

  void AddFill(const NetworkCard& card, const CardQueues& queues, Samples& out) const {
    double worst = -1;
    for (std::size_t i = 0; i < queues.queues.size(); ++i) {
      if (queues.queues[i].row->family != kInflight || !Means(queues, i)) continue;
      const auto limit = static_cast<double>(*queues.queues[i + queues.transmit].value);
      worst = std::max(worst, static_cast<double>(*queues.queues[i].value) / limit);
    }
    if (worst < 0) return;
    out.Add(kFamilies[kFill], {card.label}, worst,
            IsShown(kFamilies[kFill]) ? Visibility::kEverywhere : Visibility::kPathOnly);
  }

  // The values of one row, by queue.
  void AddEach(const NetworkCard& card, const CardQueues& queues, std::size_t begin,
               std::size_t end, Samples& out) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (!Means(queues, i)) continue;
      const QueueValue& value = queues.queues[i];
      char digits[16];
      const char* const last = std::to_chars(digits, digits + sizeof digits, value.queue).ptr;
      const std::string_view queue(digits, static_cast<std::size_t>(last - digits));
      Add(value, {card.label, queue, ""}, *value.value,
          VisibilityOf(value.row->family, *value.value), out);
      if (!options_.extended || value.cpus.empty()) continue;
      const FamilyIndex mask = value.row->family == kXpsCpus ? kXpsMask : kRpsMask;
      out.Add(kFamilies[mask], {card.label, queue, value.cpus}, std::uint64_t{1});
    }
  }

  // The values of one row as their sum, least and largest.
  void AddTogether(const NetworkCard& card, const CardQueues& queues, std::size_t begin,
                   std::size_t end, Samples& out) const {
    std::uint64_t sum = 0;
    std::uint64_t least = UINT64_MAX;
    std::uint64_t largest = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (!Means(queues, i)) continue;
      const std::uint64_t value = *queues.queues[i].value;
      sum += value;
      least = std::min(least, value);
      largest = std::max(largest, value);
    }
    if (least > largest) return;  // None has a value.
    const QueueValue& first = queues.queues[begin];
    const Family& family = kFamilies[first.row->family];
    const Visibility visibility = VisibilityOf(first.row->family, largest);
    // A sum of settings says nothing, and neither does the least of a counter.
    if (family.role != Role::kTunable && family.role != Role::kInfo) {
      Add(first, {card.label, "", "sum"}, sum, visibility, out);
    }
    if (family.type == MetricType::kCounter) return;
    Add(first, {card.label, "", "min"}, least, visibility, out);
    Add(first, {card.label, "", "max"}, largest, visibility, out);
  }

  // While the limit is 0 the driver takes no part, as far as one can know: no depth, no limit.
  static bool Means(const CardQueues& queues, std::size_t index) {
    const QueueValue& value = queues.queues[index];
    if (!value.value) return false;
    // Rows follow each other queue by queue, in the order of their table.
    const auto is_on = [&](std::size_t other) {
      return queues.queues[other].value.value_or(0) != 0;
    };
    if (value.row->family == kInflight) return is_on(index + queues.transmit);
    // Without a threshold, which is how it starts, stalls are not counted.
    if (value.row->family == kStallThreshold) return *value.value != 0;
    if (value.row->family == kStalls) return is_on(index - queues.transmit);
    if (value.row->family == kStallMax) return is_on(index - std::size_t{2} * queues.transmit);
    return value.row->family != kLimit || *value.value != 0;
  }

  void Add(const QueueValue& value, std::initializer_list<std::string_view> labels,
           std::uint64_t number, Visibility visibility, Samples& out) const {
    const FileRow& row = *value.row;
    const double scale = row.is_in_ticks ? tick_ : row.scale;
    if (scale == 1) {
      out.Add(kFamilies[row.family], labels, number, visibility);
    } else {
      out.Add(kFamilies[row.family], labels, static_cast<double>(number) * scale, visibility);
    }
  }

  Kernel kernel_;
  NetworkCards cards_;
  FileReader reader_;
  Options options_;
  const double tick_ = Seconds(KernelTick());
  std::map<std::uint64_t, State> states_;  // By identity.
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
      return std::make_unique<QueuesCollector>(
          context, QueuesCollector::Options{.per_queue = context.options.Bool("per-queue"),
                                            .max_age = std::chrono::duration_cast<Clock::duration>(
                                                context.options.Duration("settings-max-age")),
                                            .extended = TierOf(context.options) != Tier::kCore});
    },
};

}  // namespace netstack::queues
