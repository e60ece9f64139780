#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "collectors/collector.h"
#include "collectors/device_label.h"
#include "collectors/ethtool/conversation.h"
#include "collectors/ethtool/families.h"
#include "collectors/ethtool/settings.h"
#include "collectors/network_cards.h"
#include "collectors/number_label.h"
#include "collectors/tier_option.h"
#include "model/joined.h"

namespace netstack::ethtool {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kOptions = Joined(
    kCardOptions,
    std::to_array<OptionSpec>({
        {.name = "frame-sizes",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Show how many frames of each size a port counted."},
        {.name = "all-offloads",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Show offloads beyond GRO, LRO, GSO, TSO and checksums too."},
        {.name = "settings-max-age",
         .kind = OptionSpec::Kind::kDuration,
         .default_value = "5m",
         .help = "Settings are read again when older, even if the kernel told of no change; "
                 "0 reads them at each scrape."},
        TierOption(
            "How much to show; core has the sizes of rings, the most channels, coalescing times "
            "and pause frames; extended adds all other settings, RSS, FEC and what ports count."),
    }));

// "rx-usecs" of "ethtool.coalesce.rx-usecs".
std::string_view LastPart(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

constexpr double kMicrosecondsPerSecond = 1e6;

// How many of a unit of time a second has; 0 for other units.
double PerSecond(std::string_view unit) {
  if (unit == "microseconds") return kMicrosecondsPerSecond;
  return unit == "nanoseconds" ? 1e9 : 0;
}

class EthtoolCollector : public Collector {
 public:
  struct Options {
    bool frame_sizes;
    bool all_offloads;
    Tier tier;
    Clock::duration max_age;
  };
  EthtoolCollector(const CollectorContext& context, Options options)
      : kernel_(context.kernel),
        devices_(kernel_, context.options, context.devices),
        conversation_(kernel_),
        options_(options) {}

  Outcome Collect(Samples& out) override {
    if (Status updated = devices_.Update(); !updated) return Outcome::FromError(updated.error());
    if (Status opened = conversation_.Open(); !opened) return Outcome::FromError(opened.error());
    // Before anything is read: a change during the round is news of the next one.
    MarkWhatChanged();
    first_error_.reset();
    for (const NetworkCard& device : devices_.all()) {
      State& state = StateOf(device);
      Refresh(device, state);
      AddDevice(device, state, out);
    }
    std::erase_if(states_, [this](const auto& item) {
      return std::ranges::none_of(
          devices_.all(), [&](const NetworkCard& device) { return device.identity == item.first; });
    });
    if (first_error_) return {.state = CollectorState::kPartial, .error = first_error_};
    return {};
  }

 private:
  struct State {
    Settings settings;
    LiveCounters counters;
    std::optional<Clock::time_point> read_at = {};  // When `settings` were read, if ever.
    bool changed = false;                           // Since then, as far as the kernel told.
  };

  State& StateOf(const NetworkCard& device) { return states_[device.identity]; }

  void MarkWhatChanged() {
    conversation_.TakeNews(news_);
    for (const NetworkCard& device : devices_.all()) {
      const bool named = std::ranges::find(news_.devices, device.name) != news_.devices.end();
      if (named || news_.anything_may_have_changed) StateOf(device).changed = true;
    }
  }

  // One sick device does not take the others along; its settings stay as they were, and age.
  void Refresh(const NetworkCard& device, State& state) {
    const Clock::time_point now = Clock::now();
    const bool is_fresh =
        state.read_at && !state.changed && now - *state.read_at < options_.max_age;
    if (is_fresh) {
      const Status read = conversation_.ReadAgain(device.name, state.counters);
      // Then it is not known any more which counters there are.
      if (!read) state.changed = true;
      Note(read);
      return;
    }
    if (Status read = conversation_.Read(device.name, read_, read_counters_); !read) {
      Note(read);
      return;
    }
    std::swap(state.settings, read_);
    // To be shown as labels.
    DriverInfo& driver = state.settings.driver;
    for (std::string* const word :
         {&driver.driver, &driver.version, &driver.firmware, &driver.bus}) {
      *word = DeviceLabel(*word);
    }
    std::swap(state.counters, read_counters_);
    state.read_at = now;
    state.changed = false;
  }

  void Note(const Status& status) {
    if (!status && !first_error_) first_error_ = status.error();
  }

  void AddDevice(const NetworkCard& device, const State& state, Samples& out) const {
    if (!state.read_at) return;
    for (const Settings::Number& number : state.settings.numbers) AddNumber(device, number, out);
    for (const Settings::Feature& feature : state.settings.features)
      AddFeature(device, feature, out);
    for (const ModerationLevel& level : state.settings.moderation) {
      AddModeration(device, level, out);
    }
    if (Shows(kRssQueues)) AddSpread(device, state.settings.rss_entries, out);
    const auto add = [&](FamilyIndex family, const std::optional<std::uint64_t>& value) {
      if (value && Shows(family)) out.Add(kFamilies[family], {device.label}, *value);
    };
    add(kPauseReceived, state.counters.pause_received);
    add(kPauseSent, state.counters.pause_sent);
    add(kLinkDownEvents, state.counters.link_down_events);
    add(kFecCorrectedBlocks, state.counters.fec.corrected_blocks);
    add(kFecUncorrectableBlocks, state.counters.fec.uncorrectable_blocks);
    add(kFecCorrectedBits, state.counters.fec.corrected_bits);
    const FecSettings& fec = state.settings.fec;
    if (Shows(kFecInfo) && (!fec.active.empty() || !fec.configured.empty())) {
      out.Add(kFamilies[kFecInfo], {device.label, fec.active, fec.configured}, std::uint64_t{1});
    }
    AddStandard(device, state.counters.standard, out);
    const DriverInfo& driver = state.settings.driver;
    if (!driver.firmware.empty()) {
      out.Add(kFamilies[kDriverInfo],
              {device.label, driver.driver, driver.version, driver.firmware, driver.bus},
              std::uint64_t{1});
    }
    const std::chrono::duration<double> age = Clock::now() - *state.read_at;
    out.Add(kFamilies[kSettingsAge], {device.label}, age.count());
  }

  bool Shows(FamilyIndex family) const { return IsShownAt(options_.tier, kFamilies[family].tier); }

  void AddFeature(const NetworkCard& device, const Settings::Feature& feature, Samples& out) const {
    const bool is_shown =
        options_.all_offloads || (options_.tier != Tier::kCore && !feature.row->is_detail);
    if (!is_shown) return;
    out.Add(kFamilies[kTunable],
            {Slug(feature.row->path), Slug(feature.row->stage), feature.row->name, device.label,
             "current", "boolean"},
            std::uint64_t{feature.is_on});
  }

  void AddStandard(const NetworkCard& device, const StandardStats& stats, Samples& out) const {
    for (const StandardStats::Value& value : stats.values) {
      const Family& family = kFamilies[value.row->family];
      // Of drivers that do not give them to the kernel the path families take errors from here.
      if (!Shows(value.row->family) && family.role != Role::kDrop) continue;
      const std::array<std::string_view, 3> labels = {device.label, value.row->label,
                                                      value.row->second};
      out.Add(family, std::span(labels).first(family.label_count()), value.value,
              Shows(value.row->family) ? Visibility::kEverywhere : Visibility::kPathOnly);
    }
    if (!options_.frame_sizes) return;
    for (const StandardStats::Bucket& bucket : stats.buckets) {
      const std::string bytes = std::to_string(bucket.low) + "-" + std::to_string(bucket.high);
      out.Add(kFamilies[kFramesBySize],
              {device.label, bucket.is_transmit ? "transmit" : "receive", bytes}, bucket.frames);
    }
  }

  void AddNumber(const NetworkCard& device, const Settings::Number& number, Samples& out) const {
    const SettingRow& row = *number.row;
    if (!IsShownAt(options_.tier, row.tier)) return;
    out.Add(kFamilies[kTunable],
            {Slug(row.path), Slug(row.stage), row.name, device.label, row.field, row.unit},
            number.value);
    const double per_second = PerSecond(row.unit);
    if (per_second == 0 || !Shows(kReceiveCoalesce)) return;
    const Family& family =
        kFamilies[row.path == Path::kReceive ? kReceiveCoalesce : kTransmitCoalesce];
    out.Add(family, {device.label, LastPart(row.name)},
            static_cast<double>(number.value) / per_second);
  }

  void AddModeration(const NetworkCard& device, const ModerationLevel& level, Samples& out) const {
    if (!Shows(kModerationSeconds)) return;
    const NumberLabel number(level.level);
    const std::array<std::string_view, 3> labels = {
        device.label, level.is_transmit ? "transmit" : "receive", number};
    if (level.microseconds) {
      out.Add(kFamilies[kModerationSeconds], labels,
              static_cast<double>(*level.microseconds) / kMicrosecondsPerSecond);
    }
    if (level.packets) out.Add(kFamilies[kModerationPackets], labels, *level.packets);
    if (level.completions) out.Add(kFamilies[kModerationCompletions], labels, *level.completions);
  }

  static void AddSpread(const NetworkCard& device, const std::vector<std::uint32_t>& entries,
                        Samples& out) {
    const auto total = std::accumulate(entries.begin(), entries.end(), std::uint64_t{0});
    if (total == 0) return;
    const auto queues =
        std::ranges::count_if(entries, [](std::uint32_t count) { return count != 0; });
    out.Add(kFamilies[kRssQueues], {device.label}, static_cast<std::uint64_t>(queues));
    out.Add(kFamilies[kRssLargestShare], {device.label},
            static_cast<double>(std::ranges::max(entries)) / static_cast<double>(total));
  }

  Kernel kernel_;
  NetworkCards devices_;
  Conversation conversation_;
  Options options_;
  std::map<std::uint64_t, State> states_;  // By identity.
  Conversation::News news_;
  Settings read_;  // Kept for its memory.
  LiveCounters read_counters_;
  std::optional<Error> first_error_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "ethtool",
    .summary =
        "Settings of network cards (rings, channels, coalescing, pause, FEC, offloads, RSS), and "
        "errors of their ports.",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<EthtoolCollector>(
          context, EthtoolCollector::Options{.frame_sizes = context.options.Bool("frame-sizes"),
                                             .all_offloads = context.options.Bool("all-offloads"),
                                             .tier = TierOf(context.options),
                                             .max_age = std::chrono::duration_cast<Clock::duration>(
                                                 context.options.Duration("settings-max-age"))});
    },
};

}  // namespace netstack::ethtool
