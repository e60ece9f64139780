#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "collectors/collector.h"
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

class NetnsCollector : public Collector {
 public:
  NetnsCollector(const Kernel& kernel, const OptionValues& options)
      : kernel_(kernel),
        wanted_(WantedBy(options)),
        // In there the other end of a container's port is its own device.
        devices_(DevicePolicy::Rules{.container_ports = true}) {
    for (const std::string& name : options.List("collectors")) Choose(name);
  }

  Outcome Collect(Samples& out) override {
    if (!settings_) return Outcome::FromError(settings_.error());
    std::optional<Error> error;
    Leftover leftover;
    const std::vector<Found> found = Discover(kernel_, wanted_, leftover, error);
    if (found.empty() && error) return Outcome::FromError(*std::move(error));
    KeepOnly(found);
    // One that is in another namespace can serve nothing else: it ends with the walk.
    std::exception_ptr thrown;
    std::thread walker([&] {
      try {
        Walk(out, error);
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

 private:
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

  void Walk(Samples& out, std::optional<Error>& error) {
    for (const std::unique_ptr<Place>& place : places_) {
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
    add("shown", places_.size());
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
