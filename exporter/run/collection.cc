#include "exporter/run/collection.h"

#include <optional>
#include <utility>

#include "collectors/catalog.h"
#include "exporter/scrape/collector_set.h"

namespace netstack {
namespace {

std::vector<CollectorChoice> Choose(const Config& config) {
  std::vector<CollectorChoice> choices;
  for (const CollectorDeclaration* declaration : Catalog()) {
    const auto found = config.collectors.find(declaration->name);
    if (found == config.collectors.end() || !found->second.enabled) continue;
    const DeviceConfig devices = DeviceConfigFor(found->second, config.devices);
    choices.push_back({.declaration = declaration,
                       .options = found->second.options,
                       .devices = {.include = devices.include,
                                   .exclude = devices.exclude,
                                   .kinds_include = devices.kinds_include,
                                   .kinds_exclude = devices.kinds_exclude,
                                   .container_ports = devices.container_ports},
                       .max_series = static_cast<std::size_t>(found->second.max_series)});
  }
  return choices;
}

bool IsGood(CollectorState state) {
  return state == CollectorState::kOk || state == CollectorState::kAbsent;
}

// A collector that fails says so once, not at every scrape.
void LogStates(std::span<const CollectorReport> reports, StateLog& states) {
  for (const CollectorReport& report : reports) {
    if (!report.asked) continue;
    const bool good = IsGood(report.state);
    // What is absent is so at every scrape: to describe it would allocate each time.
    const bool explains = !good && report.error != nullptr;
    states.Report(report.declaration->name,
                  {.word = Slug(report.state),
                   .good = good,
                   .detail = explains ? report.error->Describe() : std::string()});
  }
}

}  // namespace

// What collectors refer to, and so what must be left behind when one of them is stuck.
struct Collection::World {
  std::unique_ptr<NetlinkSource> netlink;
  std::unique_ptr<HostRecording> recording;
  std::unique_ptr<HostReplay> replay;
  std::unique_ptr<CollectorSet> collectors;
};

Collection::Collection(Config config, std::unique_ptr<World> world)
    : config_(std::move(config)), world_(std::move(world)) {}

Collection::~Collection() {
  if (!composer_->Stop(std::chrono::seconds(1))) static_cast<void>(world_.release());
}

void Collection::FindOffenders(std::span<const ScrapedCollector> collectors) {
  for (const ScrapedCollector& one : collectors) {
    const auto* const source = dynamic_cast<const OffenderSource*>(one.collector.get());
    if (source == nullptr) continue;
    offenders_ = source->offenders();
    offenders_of_ = one.declaration;
  }
}

Result<std::unique_ptr<Collection>> Collection::Make(const Config& config,
                                                     const KernelSource& source,
                                                     const SelfMetrics* self, StateLog* states) {
  auto world = std::make_unique<World>();
  world->netlink = MakeKernelNetlinkSource();
  const Roots roots = {
      .procfs = config.path.procfs, .sysfs = config.path.sysfs, .rootfs = config.path.rootfs};
  std::optional<Kernel> kernel;
  if (!source.record.empty()) {
    auto recording = HostRecording::Start(source.record, roots, *world->netlink);
    if (!recording) return recording.error();
    world->recording = *std::move(recording);
    kernel.emplace(world->recording->kernel());
  } else if (!source.replay.empty()) {
    auto replay = HostReplay::Open(source.replay);
    if (!replay) return replay.error();
    world->replay = *std::move(replay);
    kernel.emplace(world->replay->kernel());
  } else {
    kernel.emplace(Kernel{.roots = roots, .netlink = *world->netlink, .bpf = source.bpf});
  }
  world->collectors = std::make_unique<CollectorSet>(*kernel, Choose(config));

  std::unique_ptr<Collection> collection(new Collection(config, std::move(world)));
  const CollectorSet& set = *collection->world_->collectors;
  const bool with_http = !config.web.disable_exporter_metrics;
  Composer::AppendSelf append_self;
  if (self != nullptr) {
    append_self = [self, with_http](PageFormat format, std::string& out) {
      self->Append(format, with_http, out);
    };
  }
  Composer::Observer observer;
  if (states != nullptr) {
    observer = [states](std::span<const CollectorReport> reports) { LogStates(reports, *states); };
  }
  std::vector<ScrapedCollector> collectors = set.Make();
  collection->FindOffenders(collectors);
  collection->composer_ = std::make_unique<Composer>(
      std::make_unique<Scraper>(std::move(collectors),
                                ScraperOptions{.collector_timeout = config.scrape.collector_timeout,
                                               .blocking_timeout = config.scrape.blocking_timeout}),
      set.declarations(), std::move(append_self), std::move(observer));
  collection->pages_ = std::make_unique<Pages>(*collection->composer_);
  return collection;
}

}  // namespace netstack
