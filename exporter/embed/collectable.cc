#include "exporter/embed/collectable.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>

#include "collectors/catalog.h"
#include "exporter/embed/metric_families.h"
#include "exporter/path/ledger.h"
#include "exporter/scrape/collector_set.h"
#include "exporter/scrape/scrape_samples.h"
#include "exporter/scrape/scraper.h"

namespace netstack {
namespace {

const CollectorDeclaration* Find(std::string_view name) {
  const auto catalog = Catalog();
  const auto at = std::find_if(catalog.begin(), catalog.end(),
                               [&](const auto* declaration) { return declaration->name == name; });
  return at == catalog.end() ? nullptr : *at;
}

// The embedding program may well export process_* itself, so those are for the asking.
bool IsWanted(const CollectorDeclaration& declaration, const CollectableOptions& options) {
  if (options.collectors.empty()) {
    return declaration.enabled_by_default && declaration.name != "process";
  }
  return std::find(options.collectors.begin(), options.collectors.end(), declaration.name) !=
         options.collectors.end();
}

// What collectors refer to.
struct World {
  World(const CollectableOptions& options, std::vector<CollectorChoice> choices)
      : collectors(
            {.roots = {.procfs = options.procfs, .sysfs = options.sysfs, .rootfs = options.rootfs},
             .netlink = *netlink},
            std::move(choices)) {}

  std::unique_ptr<NetlinkSource> netlink = MakeKernelNetlinkSource();
  CollectorSet collectors;
};

std::string SetMaxSeries(const std::string& value, CollectorChoice& choice) {
  const char* const end = value.data() + value.size();
  const auto [parsed, error] = std::from_chars(value.data(), end, choice.max_series);
  return error == std::errc{} && parsed == end ? "" : "not a whole number: '" + value + "'";
}

// Sets "collector.option". Returns what is wrong, or nothing.
std::string SetOption(const std::string& key, const std::string& value,
                      std::vector<CollectorChoice>& choices) {
  const std::size_t dot = key.find('.');
  if (dot == std::string::npos) return "not of the form collector.option";
  const CollectorDeclaration* const declaration = Find(key.substr(0, dot));
  if (declaration == nullptr) return "no such collector";
  const std::string option = key.substr(dot + 1);
  const bool max_series = option == "max-series";
  const auto specs = declaration->options;
  if (!max_series && std::none_of(specs.begin(), specs.end(),
                                  [&](const OptionSpec& spec) { return spec.name == option; })) {
    return "no such option";
  }
  for (CollectorChoice& choice : choices) {
    if (choice.declaration != declaration) continue;
    return max_series ? SetMaxSeries(value, choice) : choice.options.Set(option, value);
  }
  return {};  // Of a collector that does not run.
}

std::string Choose(const CollectableOptions& options, std::vector<CollectorChoice>& choices) {
  for (const std::string& name : options.collectors) {
    if (Find(name) == nullptr) return "no such collector: '" + name + "'";
  }
  for (const CollectorDeclaration* const declaration : Catalog()) {
    if (!IsWanted(*declaration, options)) continue;
    choices.push_back({.declaration = declaration,
                       .options = OptionValues(declaration->options),
                       .devices = {.include = options.device_include,
                                   .exclude = options.device_exclude,
                                   .container_ports = options.container_ports}});
  }
  for (const auto& [key, value] : options.options) {
    if (const std::string fault = SetOption(key, value, choices); !fault.empty()) {
      return std::string(key).append(": ").append(fault);
    }
  }
  return {};
}

}  // namespace

class Collectable::Impl {
 public:
  Impl(std::unique_ptr<World> world, std::chrono::nanoseconds timeout)
      : timeout_(timeout),
        world_(std::move(world)),
        scraper_(world_->collectors.Make(), {}),
        ledger_(world_->collectors.declarations()) {}
  ~Impl() {
    // A thread stuck in the kernel still refers to the world: then it is left behind for good.
    if (!scraper_.Stop(std::chrono::seconds(1))) static_cast<void>(world_.release());
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::vector<prometheus::MetricFamily> Collect() {
    std::vector<prometheus::MetricFamily> families;
    scraper_.Round({}, Scraper::Clock::now() + timeout_,
                   [&](std::span<const CollectorReport> reports) { Convert(reports, families); });
    return families;
  }

 private:
  void Convert(std::span<const CollectorReport> reports,
               std::vector<prometheus::MetricFamily>& families) {
    ledger_.Update(reports);
    AppendMetricFamilies(ledger_.samples(), families);
    for (const CollectorReport& report : reports) {
      if (report.samples != nullptr) AppendMetricFamilies(*report.samples, families);
    }
    scrape_.Update(reports);
    AppendMetricFamilies(scrape_.samples(), families);
  }

  const std::chrono::nanoseconds timeout_;
  std::unique_ptr<World> world_;
  Scraper scraper_;
  // Used during a round only, and rounds take turns.
  Ledger ledger_;
  ScrapeSamples scrape_;
};

Collectable::Collectable(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Collectable::~Collectable() = default;

std::shared_ptr<Collectable> Collectable::Create(const CollectableOptions& options,
                                                 std::string* error) {
  std::string fault;
  try {
    std::vector<CollectorChoice> choices;
    fault = Choose(options, choices);
    if (fault.empty()) {
      auto world = std::make_unique<World>(options, std::move(choices));
      return std::shared_ptr<Collectable>(
          new Collectable(std::make_unique<Impl>(std::move(world), options.timeout)));
    }
  } catch (const std::exception& exception) {  // A device expression that is none, no thread.
    fault = exception.what();
  }
  if (error != nullptr) *error = fault;
  return nullptr;
}

std::vector<prometheus::MetricFamily> Collectable::Collect() const noexcept {
  try {
    return impl_->Collect();
  } catch (const std::exception&) {  // bad_alloc.
    return {};
  }
}

}  // namespace netstack
