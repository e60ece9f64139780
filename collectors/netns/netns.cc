#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "collectors/collector.h"
#include "collectors/last_result.h"
#include "collectors/netns/discovery.h"
#include "collectors/netns/families.h"
#include "collectors/netns/place.h"

namespace netstack::netns {
namespace {

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "find",
     .kind = OptionSpec::Kind::kWord,
     .default_value = "named",
     .help = "Which network namespaces to look for: those of ip netns, also those that processes "
             "are in, or none but the ones listed.",
     .words = "none|named|all"},
    {.name = "namespaces",
     .kind = OptionSpec::Kind::kList,
     .default_value = "",
     .help = "Network namespaces to show in any case: names of ip netns, paths, or process ids."},
    {.name = "include",
     .kind = OptionSpec::Kind::kRegex,
     .default_value = "",
     .help = "Names to show; empty shows all."},
    {.name = "exclude",
     .kind = OptionSpec::Kind::kRegex,
     .default_value = "",
     .help = "Names not to show."},
    {.name = "max-namespaces",
     .kind = OptionSpec::Kind::kInteger,
     .default_value = "64",
     .help = "Most network namespaces to show; netstack_netns_namespaces counts the rest.",
     .words = {},
     .min = 1,
     .max = 10'000},
    {.name = "max-time",
     .kind = OptionSpec::Kind::kDuration,
     .default_value = "1s",
     .help = "Most time for a walk; the network namespaces it has not begun by then are left out, "
             "and counted."},
    {.name = "max-wait",
     .kind = OptionSpec::Kind::kDuration,
     .default_value = "50ms",
     .help =
         "Most time a scrape waits for a walk. One that takes longer goes on beside the scrapes, "
         "which from then on show the walk before without waiting."},
    {.name = "collectors",
     .kind = OptionSpec::Kind::kList,
     .default_value = "protocols,sockstat,link,qdisc,conntrack,listeners,sockets",
     .help = "What to read there: protocols and sockstat need no privilege, the others "
             "CAP_SYS_ADMIN."},
});

Wanted WantedBy(const OptionValues& options) {
  const std::string& find = options.Text("find");
  const auto namespaces = options.List("namespaces");
  return {.namespaces = {namespaces.begin(), namespaces.end()},
          .named = find != "none",
          .processes = find == "all",
          .include = options.Text("include"),
          .exclude = options.Text("exclude"),
          .most = static_cast<std::size_t>(options.Integer("max-namespaces"))};
}

class NetnsCollector : public Collector, public LastResult {
 public:
  NetnsCollector(const Kernel& kernel, const OptionValues& options)
      : kernel_(kernel),
        wanted_(WantedBy(options)),
        // In there the other end of a container's port is its own device.
        devices_(DevicePolicy::Rules{.container_ports = true}),
        max_time_(options.Duration("max-time")),
        max_wait_(options.Duration("max-wait")) {
    for (const std::string& name : options.List("collectors")) Choose(name);
  }

  Outcome Collect(Samples& out) override {
    if (!settings_) return Outcome::FromError(settings_.error());
    const Clock::time_point begin = Clock::now();
    Outcome outcome = {.state = CollectorState::kFailed};
    try {
      outcome = LookAround(begin + max_time_, out);
    } catch (...) {
      Keep(outcome, {});
      throw;
    }
    const std::chrono::duration<double> took = Clock::now() - begin;
    out.Add(Families()[kWalkDuration], {}, took.count());
    Keep(outcome, took);
    return outcome;
  }

  std::optional<std::chrono::nanoseconds> Patience() override {
    const std::scoped_lock lock(mutex_);
    if (!last_) return std::nullopt;
    return was_long_ ? std::chrono::nanoseconds(0) : max_wait_;
  }

  bool KeepsSamples() const override { return true; }

  Outcome CollectLast(Samples&) override {
    const std::scoped_lock lock(mutex_);
    if (last_) return *last_;
    return Outcome::FromError(
        {.kind = ErrorKind::kTimeout, .path = "netns", .what = "the first walk goes on"});
  }

  void GiveUp() override { gave_up_ = true; }

 private:
  using Clock = std::chrono::steady_clock;

  // What CollectLast() tells until the next walk has ended.
  void Keep(const Outcome& outcome, std::chrono::duration<double> took) {
    const std::scoped_lock lock(mutex_);
    const bool is_good =
        outcome.state == CollectorState::kOk || outcome.state == CollectorState::kPartial;
    last_ = is_good ? std::optional(outcome) : std::nullopt;
    was_long_ = took > max_wait_;
  }

  Outcome LookAround(Clock::time_point end, Samples& out) {
    std::optional<Error> error;
    Leftover leftover;
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    out.Add(Families()[kWalkTimestamp], {}, now.count());
    const std::vector<Found> found = Discover(kernel_, wanted_, leftover, error);
    if (found.empty() && error) return Outcome::FromError(*std::move(error));
    KeepOnly(found);
    // One that is in another namespace can serve nothing else: it ends with the walk.
    std::exception_ptr thrown;
    std::thread walker([&] {
      try {
        Walk(end, out, error);
      } catch (...) {
        thrown = std::current_exception();
      }
    });
    walker.join();
    if (thrown) std::rethrow_exception(thrown);
    AddCounts(leftover, out);
    if (error) return {.state = CollectorState::kPartial, .error = std::move(error)};
    return {};
  }

  void Choose(const std::string& name) {
    const auto member = std::ranges::find(kMembers, name, &Member::collector);
    if (member == kMembers.end()) {
      settings_ = Error{.kind = ErrorKind::kInvalid,
                        .path = "netns.collectors",
                        .what = "no collector for other namespaces: '" + name + "'"};
      return;
    }
    chosen_[static_cast<std::size_t>(member - kMembers.begin())] = true;
  }

  // A place is the same while name, namespace and the way to it are.
  void KeepOnly(const std::vector<Found>& found) {
    std::vector<std::unique_ptr<Place>> kept;
    for (const Found& one : found) {
      const auto known = std::ranges::find_if(places_, [&](const std::unique_ptr<Place>& place) {
        return place != nullptr && place->found() == one;
      });
      kept.push_back(known != places_.end()
                         ? std::move(*known)
                         : std::make_unique<Place>(kernel_, one, chosen_, devices_));
    }
    places_ = std::move(kept);
  }

  void Walk(Clock::time_point end, Samples& out, std::optional<Error>& error) {
    not_reached_ = 0;
    for (const std::unique_ptr<Place>& place : places_) {
      if (gave_up_ || Clock::now() >= end) {
        ++not_reached_;
        continue;
      }
      const Found& found = place->found();
      out.Add(Families()[kNamespaceInfo], {Slug(found.by), found.name}, std::uint64_t{1});
      std::optional<Error> failed = place->Walk(out);
      if (failed && !error) {
        error = std::move(failed);
        error->path = "netns " + found.name + ": " + error->path;
      }
    }
  }

  void AddCounts(const Leftover& leftover, Samples& out) const {
    const auto add = [&](std::string_view state, std::uint64_t count) {
      out.Add(Families()[kNamespaces], {state}, count);
    };
    add("shown", places_.size() - not_reached_);
    add("not_reached", not_reached_);
    add("excluded", leftover.excluded);
    add("beyond_cap", leftover.beyond_cap);
    add("unnamed", leftover.unnamed);
    add("hidden", leftover.hidden);
  }

  const Kernel& kernel_;
  const Wanted wanted_;
  const DevicePolicy devices_;
  Place::Chosen chosen_ = {};
  Status settings_;
  std::vector<std::unique_ptr<Place>> places_;
  std::uint64_t not_reached_ = 0;  // Of them, those that the walk had no time for.
  const std::chrono::nanoseconds max_time_;
  const std::chrono::nanoseconds max_wait_;
  std::atomic<bool> gave_up_ = false;

  std::mutex mutex_;             // Guards the rest.
  std::optional<Outcome> last_;  // Of the last walk, if there is something to show of it.
  bool was_long_ = false;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "netns",
    .summary =
        "Other network namespaces: the same metrics as for the exporter's own, with the "
        "label netns.",
    .enabled_by_default = false,
    .may_block = true,
    .families = Families(),
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<NetnsCollector>(context.kernel, context.options);
    },
};

}  // namespace netstack::netns
