#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "collectors/collector.h"
#include "collectors/netdev/families.h"
#include "collectors/netdev/page_pools.h"
#include "collectors/network_cards.h"
#include "collectors/number_label.h"
#include "collectors/queue_map.h"
#include "collectors/tier_option.h"
#include "kernel/missing.h"
#include "model/joined.h"

namespace netstack::netdev {
namespace {

using Clock = std::chrono::steady_clock;

// Of a card with more, queues and NAPI instances are shown on request only.
constexpr std::ptrdiff_t kMostQueuesShown = 16;
constexpr double kNanosecond = 1e-9;

constexpr auto kOptions = Joined(
    kCardOptions,
    std::to_array<OptionSpec>({
        {.name = "per-queue",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Show queues and NAPI instances of a device that has more than 16 in a "
                 "direction."},
        {.name = "settings-max-age",
         .kind = OptionSpec::Kind::kDuration,
         .default_value = "1m",
         .help = "Queues, NAPI instances and their settings are read again when older."},
        TierOption(
            "How much to show; extended adds which NAPI instance and interrupt serve a queue, "
            "page pools, and settings that are 0."),
    }));

// A number that may be missing, as a label value.
class OptionalLabel {
 public:
  explicit OptionalLabel(const std::optional<std::uint64_t>& number)
      : number_(static_cast<std::uint32_t>(number.value_or(0))), is_there_(number.has_value()) {}
  operator std::string_view() const {  // NOLINT: on purpose
    return is_there_ ? std::string_view(number_) : std::string_view();
  }

 private:
  NumberLabel number_;
  bool is_there_;
};

class NetdevCollector : public Collector {
 public:
  struct Options {
    bool per_queue;
    Clock::duration max_age;
    bool extended;
  };
  NetdevCollector(const CollectorContext& context, Options options)
      : kernel_(context.kernel),
        cards_(kernel_, context.options, context.devices),
        family_(kernel_.netlink),
        map_(family_),
        pools_(family_),
        options_(options) {}

  Outcome Collect(Samples& out) override {
    if (Status updated = cards_.Update(); !updated) return Outcome::FromError(updated.error());
    if (Status read = Refresh(); !read) return Outcome::FromError(read.error());
    if (Status read = ReadPools(); !read) return Outcome::FromError(read.error());
    for (const NetworkCard& card : cards_.all()) {
      if (IsShown(card)) AddNapis(card, out);
      if (has_pools_ && options_.extended) AddPools(card, out);
    }
    out.Add(kFamilies[kAge], {}, std::chrono::duration<double>(Clock::now() - *read_at_).count());
    return {};
  }

 private:
  Status Refresh() {
    const Clock::time_point now = Clock::now();
    const bool is_fresh =
        read_at_ && generation_ == cards_.generation() && now - *read_at_ < options_.max_age;
    if (is_fresh) return {};
    if (Status read = map_.Read(); !read) return read;
    read_at_ = now;
    generation_ = cards_.generation();
    has_pools_ = true;
    return {};
  }

  // Older kernels have queues and no pools: then they are asked for when the settings are.
  Status ReadPools() {
    if (!has_pools_ || !options_.extended) return {};
    Status read = pools_.Read();
    has_pools_ = read.ok();
    return !read && IsMissing(read.error()) ? Status() : read;
  }

  bool IsShown(const NetworkCard& card) const {
    if (options_.per_queue) return true;
    const auto in_direction = [&](bool transmit) {
      return std::ranges::count_if(map_.queues(), [&](const Queue& queue) {
        return queue.device == card.index && queue.is_transmit == transmit;
      });
    };
    return in_direction(false) <= kMostQueuesShown && in_direction(true) <= kMostQueuesShown;
  }

  void AddNapis(const NetworkCard& card, Samples& out) const {
    for (const Napi& napi : map_.napis()) {
      if (napi.device != card.index) continue;
      const NumberLabel id(static_cast<std::uint32_t>(napi.id));
      bool has_queue = false;
      for (const Queue& queue : map_.queues()) {
        if (queue.device != card.index || queue.napi != napi.id) continue;
        has_queue = true;
        if (options_.extended) {
          AddInfo(card, napi, queue.is_transmit ? "transmit" : "receive",
                  NumberLabel(static_cast<std::uint32_t>(queue.number)), out);
        }
      }
      if (!has_queue && options_.extended) AddInfo(card, napi, {}, {}, out);
      const auto add = [&](FamilyIndex family, const std::optional<std::uint64_t>& value) {
        if (IsSet(value)) out.Add(kFamilies[family], {card.label, id}, *value);
      };
      const auto add_seconds = [&](FamilyIndex family, const std::optional<std::uint64_t>& value) {
        if (!IsSet(value)) return;
        out.Add(kFamilies[family], {card.label, id}, static_cast<double>(*value) * kNanosecond);
      };
      add(kDeferHardIrqs, napi.defer_hard_irqs);
      add_seconds(kGroFlushTimeout, napi.gro_flush_timeout);
      add_seconds(kIrqSuspendTimeout, napi.irq_suspend_timeout);
      add(kThreaded, napi.threaded);
    }
  }

  // A setting that nobody made says nothing.
  bool IsSet(const std::optional<std::uint64_t>& value) const {
    return value && (*value != 0 || options_.extended);
  }

  static void AddInfo(const NetworkCard& card, const Napi& napi, std::string_view direction,
                      std::string_view queue, Samples& out) {
    out.Add(kFamilies[kNapi],
            {card.label, direction, queue, NumberLabel(static_cast<std::uint32_t>(napi.id)),
             OptionalLabel(napi.irq), OptionalLabel(napi.thread_pid)},
            std::uint64_t{1});
  }

  void AddPools(const NetworkCard& card, Samples& out) const {
    const DevicePools* const pools = pools_.Of(card.index);
    if (pools == nullptr) return;
    out.Add(kFamilies[kPools], {card.label, "attached"}, pools->attached);
    out.Add(kFamilies[kPools], {card.label, "detached"}, pools->detached);
    out.Add(kFamilies[kInflightPages], {card.label}, pools->inflight_pages);
    out.Add(kFamilies[kInflightBytes], {card.label}, pools->inflight_bytes);
    if (!pools->has_counters) return;
    for (std::size_t i = 0; i < kPoolCounters; ++i) {
      const PoolCounter& counter = PoolCounters()[i];
      out.Add(kFamilies[counter.family], {card.label, counter.kind}, pools->counters[i]);
    }
  }

  Kernel kernel_;
  NetworkCards cards_;
  NetdevFamily family_;
  QueueMap map_;
  PagePools pools_;
  Options options_;
  std::optional<Clock::time_point> read_at_;  // When the map was read.
  std::uint64_t generation_ = 0;              // Of the cards, then.
  bool has_pools_ = true;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "netdev",
    .summary = "Which NAPI instance and interrupt serve a queue, their settings, and page pools.",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<NetdevCollector>(
          context, NetdevCollector::Options{.per_queue = context.options.Bool("per-queue"),
                                            .max_age = std::chrono::duration_cast<Clock::duration>(
                                                context.options.Duration("settings-max-age")),
                                            .extended = TierOf(context.options) != Tier::kCore});
    },
};

}  // namespace netstack::netdev
