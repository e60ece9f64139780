#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "collectors/device_label.h"
#include "collectors/network_cards.h"
#include "collectors/nic/families.h"
#include "collectors/nic/stat_rows.h"
#include "kernel/driver_statistics.h"
#include "kernel/text.h"

namespace netstack::nic {
namespace {

// Of a card with more, each queue is shown on request only.
constexpr std::uint32_t kMostQueuesShown = 16;
// Names of a driver without a table.
constexpr std::size_t kMostRaw = 64;

constexpr auto kOptions = [] {
  std::array<OptionSpec, kCardOptions.size() + 1> all;
  auto next = std::ranges::copy(kCardOptions, all.begin()).out;
  *next = {.name = "per-queue",
           .kind = OptionSpec::Kind::kBool,
           .default_value = "false",
           .help = "Show each queue of a device that has more than 16, not their sum."};
  return all;
}();

// One number of the page: the sum of the statistics that mean it.
struct Shown {
  FamilyIndex family;
  std::string direction = {};
  std::string queue = {};  // Empty for the device, or for the sum of its queues.
  std::string cause = {};  // Of a raw statistic: its name.
  std::uint64_t value = 0;
  bool IsSame(const Shown& other) const {
    return family == other.family && direction == other.direction && queue == other.queue &&
           cause == other.cause;
  }
};

// What the statistics of one card mean, found out when their names change.
class Meanings {
 public:
  Meanings(std::string driver, bool per_queue)
      : driver_(std::move(driver)), per_queue_(per_queue) {}

  // Adds up `statistics` into shown().
  void Update(const DriverStatistics& statistics) {
    if (names_ != statistics.names) Learn(statistics);
    for (Shown& shown : shown_) shown.value = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (places_[i] != kNowhere) shown_[places_[i]].value += statistics.values[i];
    }
  }
  const std::vector<Shown>& shown() const { return shown_; }

 private:
  static constexpr std::size_t kNowhere = SIZE_MAX;

  void Learn(const DriverStatistics& statistics) {
    names_ = statistics.names;
    places_.assign(names_.size(), kNowhere);
    shown_.clear();
    if (IsKnownDriver(driver_)) {
      const std::vector<std::optional<StatMeaning>> meanings = MeaningsOf(statistics);
      std::uint32_t queues = 0;
      for (const auto& meaning : meanings) {
        if (meaning && meaning->queue) queues = std::max(queues, *meaning->queue + 1);
      }
      const bool together = queues > kMostQueuesShown && !per_queue_;
      for (std::size_t i = 0; i < meanings.size(); ++i) {
        if (meanings[i]) places_[i] = PlaceOf(*meanings[i], together);
      }
      return;
    }
    for (std::size_t i = 0; i < names_.size() && shown_.size() < kMostRaw; ++i) {
      if (!LooksLikeTrouble(names_[i])) continue;
      // The same name again is another queue's: kept apart it would be the same series.
      places_[i] = Place({.family = kRaw, .cause = DeviceLabel(Trimmed(names_[i]))});
    }
  }

  std::vector<std::optional<StatMeaning>> MeaningsOf(const DriverStatistics& statistics) const {
    std::vector<std::optional<StatMeaning>> meanings;
    std::optional<Direction> section;
    std::uint32_t section_queue = 0;
    for (std::size_t i = 0; i < statistics.names.size(); ++i) {
      const std::string_view name = Trimmed(statistics.names[i]);
      if (const auto begun = SectionOf(driver_, name)) {
        section = begun;
        section_queue =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(statistics.values[i], UINT16_MAX));
        meanings.emplace_back();
        continue;
      }
      std::optional<StatMeaning> meaning;
      if (section) {
        meaning = MeaningOf(driver_,
                            (*section == Direction::kReceive ? "rx:" : "tx:") + std::string(name));
        if (meaning) meaning->queue = section_queue;
      }
      meanings.push_back(meaning ? meaning : MeaningOf(driver_, name));
    }
    return meanings;
  }

  std::size_t PlaceOf(const StatMeaning& meaning, bool together) {
    const bool has_queue = meaning.queue && !together;
    return Place({.family = meaning.row->family,
                  .direction = std::string(Slug(meaning.row->direction)),
                  .queue = has_queue ? std::to_string(*meaning.queue) : "",
                  .cause = std::string(meaning.row->cause)});
  }

  std::size_t Place(Shown shown) {
    const auto same =
        std::ranges::find_if(shown_, [&](const Shown& other) { return other.IsSame(shown); });
    if (same != shown_.end()) return static_cast<std::size_t>(same - shown_.begin());
    shown_.push_back(std::move(shown));
    return shown_.size() - 1;
  }

  const std::string driver_;
  const bool per_queue_;
  std::vector<std::string> names_;
  std::vector<std::size_t> places_;  // By statistic: position in shown_.
  std::vector<Shown> shown_;
};

class NicCollector : public Collector {
 public:
  NicCollector(const CollectorContext& context, bool per_queue)
      : kernel_(context.kernel),
        cards_(kernel_, context.options, context.devices),
        reader_(kernel_.roots, kernel_.file_observer),
        per_queue_(per_queue) {}

  Outcome Collect(Samples& out) override {
    if (Status updated = cards_.Update(); !updated) return Outcome::FromError(updated.error());
    std::optional<Error> first_error;
    bool has_any = false;
    for (const NetworkCard& card : cards_.all()) {
      if (Status read = reader_.Read(card.name, statistics_); !read) {
        const ErrorKind kind = read.error().kind;
        const bool is_missing = kind == ErrorKind::kUnsupported || kind == ErrorKind::kAbsent;
        if (!is_missing && !first_error) first_error = read.error();
        continue;
      }
      has_any = true;
      Meanings& meanings =
          meanings_.try_emplace(card.identity, card.driver, per_queue_).first->second;
      meanings.Update(statistics_);
      for (const Shown& shown : meanings.shown()) Add(card, shown, out);
    }
    std::erase_if(meanings_, [this](const auto& item) {
      return std::ranges::find(cards_.all(), item.first, &NetworkCard::identity) ==
             cards_.all().end();
    });
    if (!first_error) return {};
    if (!has_any) return Outcome::FromError(*first_error);
    return {.state = CollectorState::kPartial, .error = first_error};
  }

 private:
  static void Add(const NetworkCard& card, const Shown& shown, Samples& out) {
    const Family& family = kFamilies[shown.family];
    switch (shown.family) {
      case kPackets:
      case kBytes:
        out.Add(family, {card.label, shown.direction, shown.queue}, shown.value);
        return;
      case kDrops:
      case kEvents:
        out.Add(family, {card.label, shown.direction, shown.queue, shown.cause}, shown.value);
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
  bool per_queue_;
  DriverStatistics statistics_;
  std::map<std::uint64_t, Meanings> meanings_;  // By identity.
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
      return std::make_unique<NicCollector>(context, context.options.Bool("per-queue"));
    },
};

}  // namespace netstack::nic
