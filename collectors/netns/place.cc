#include "collectors/netns/place.h"

#include <span>

namespace netstack::netns {
namespace {

// sysfs shows the devices of the namespace it was mounted in, and settings are those of the thread
// that opens them: where they would be another namespace's, the collectors look at nothing.
constexpr std::string_view kNowhere = "/proc/self/nothing";

void Copy(const Samples& from, std::span<const std::size_t> places, std::string_view netns,
          Samples& out) {
  const std::span<const Family> families = Families();
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] == kLeftOut) continue;
    const Family& family = families[places[i]];
    const std::size_t own = family.label_count() - 1;
    from.ForEach(i, [&](const Samples::View& sample) {
      if (!IsPrinted(sample.visibility())) return;
      std::array<std::string_view, kMaxLabels> labels;
      std::string_view le;
      sample.ForEachLabel([&](std::size_t index, std::string_view value) {
        (index < own ? labels[index] : le) = value;
      });
      labels[own] = netns;
      const std::span<const std::string_view> values(labels.data(), own + 1);
      switch (sample.part()) {
        case Part::kValue:  // Never on the path, which is the exporter's own namespace.
          return out.Add(family, values, sample.value(), Visibility::kOffPath);
        case Part::kBucket:
          return out.AddBucket(family, values, le, sample.value());
        case Part::kSum:
          return out.AddSum(family, values, sample.value());
        case Part::kCount:
          return out.AddCount(family, values, sample.value());
      }
    });
  }
}

bool HasSamples(CollectorState state) {
  return state == CollectorState::kOk || state == CollectorState::kPartial ||
         state == CollectorState::kStale;
}

}  // namespace

struct Place::Runner {
  explicit Runner(const CollectorDeclaration& declaration)
      : options(declaration.options), samples(declaration.families) {}
  OptionValues options;
  Samples samples;
  std::unique_ptr<Collector> collector;
};

Place::Place(const Kernel& host, const Found& found, const Chosen& chosen,
             const DevicePolicy& devices)
    : host_(host),
      found_(found),
      chosen_(chosen),
      devices_(devices),
      netlink_(MakeTransientNetlinkSource()) {}

Place::~Place() = default;

void Place::MakeRunners(bool entered) {
  if (entered_ == entered) return;
  entered_ = entered;
  Roots roots = host_.roots;
  roots.sysfs = kNowhere;
  if (entered) {
    roots.proc_net = host_.roots.Proc("thread-self/net");
  } else {
    roots.proc_net = host_.roots.Proc(found_.pid + "/net");
    roots.procfs = kNowhere;
  }
  kernel_.emplace(Kernel{.roots = roots,
                         .netlink = *netlink_,
                         .file_observer = nullptr,
                         .file_life = FileLife::kClosedAfterReading});
  for (std::size_t i = 0; i < kMembers.size(); ++i) {
    runners_[i].reset();
    if (!chosen_[i] || (!entered && kMembers[i].reach == Reach::kByEntering)) continue;
    const CollectorDeclaration& declaration = DeclarationOf(kMembers[i]);
    runners_[i] = std::make_unique<Runner>(declaration);
    if (FindOption(declaration.options, "tier") != nullptr) {
      runners_[i]->options.Set("tier", "core");
    }
    runners_[i]->collector = declaration.create(
        {.kernel = *kernel_, .options = runners_[i]->options, .devices = devices_});
  }
}

void Place::AddState(std::size_t member, CollectorState state, Samples& out) const {
  out.Add(Families()[kMemberState], {kMembers[member].collector, Slug(state), found_.name},
          std::uint64_t{1});
}

std::optional<Error> Place::Run(std::size_t member, bool entered, Samples& out) {
  const bool reachable = entered || !found_.pid.empty();
  if (runners_[member] == nullptr || !reachable) {
    AddState(member, CollectorState::kNoPermission, out);
    return std::nullopt;
  }
  Runner& runner = *runners_[member];
  runner.samples.Clear();
  Outcome outcome = runner.collector->Collect(runner.samples);
  AddState(member, outcome.state, out);
  if (HasSamples(outcome.state)) Copy(runner.samples, PlacesOf(member), found_.name, out);
  const bool fault =
      outcome.state == CollectorState::kFailed || outcome.state == CollectorState::kPartial;
  return fault ? std::move(outcome.error) : std::nullopt;
}

std::optional<Error> Place::Walk(Samples& out) {
  const Status entered = EnterNetworkNamespace(found_.path);
  if (!entered && entered.error().kind != ErrorKind::kNoPermission) {
    // Gone since it was found: no fault of anybody's.
    if (entered.error().kind == ErrorKind::kAbsent) return std::nullopt;
    return entered.error();
  }
  MakeRunners(entered.ok());
  std::optional<Error> first;
  for (std::size_t i = 0; i < kMembers.size(); ++i) {
    if (!chosen_[i]) continue;
    std::optional<Error> error = Run(i, entered.ok(), out);
    if (!first) first = std::move(error);
  }
  return first;
}

}  // namespace netstack::netns
