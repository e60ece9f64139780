#include "exporter/embed/collectable.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include "collectors/catalog.h"
#include "collectors/device_policy.h"
#include "exporter/embed/metric_families.h"

namespace netstack {
namespace {

class NoNetlink : public NetlinkSource {
 public:
  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return Error{.kind = ErrorKind::kUnsupported, .path = "netlink", .what = "not available"};
  }
};

const CollectorDeclaration* Find(std::string_view name) {
  const auto catalog = Catalog();
  const auto at = std::find_if(catalog.begin(), catalog.end(),
                               [&](const auto* declaration) { return declaration->name == name; });
  return at == catalog.end() ? nullptr : *at;
}

bool IsWanted(const CollectorDeclaration& declaration, const CollectableOptions& options) {
  if (options.collectors.empty()) return declaration.enabled_by_default;
  return std::find(options.collectors.begin(), options.collectors.end(), declaration.name) !=
         options.collectors.end();
}

// One collector with what it refers to and what it fills.
struct Source {
  const CollectorDeclaration* declaration;
  OptionValues options;
  std::unique_ptr<Collector> collector;
  Samples samples;

  explicit Source(const CollectorDeclaration& of)
      : declaration(&of), options(of.options), samples(of.families) {}
};

// A collector that throws costs its own families only.
bool Succeeds(Source& source) {
  try {
    source.samples.Clear();
    const CollectorState state = source.collector->Collect(source.samples).state;
    return state == CollectorState::kOk || state == CollectorState::kPartial ||
           state == CollectorState::kStale;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

class Collectable::Impl {
 public:
  explicit Impl(const CollectableOptions& options)
      : kernel_{.roots = {.procfs = options.procfs,
                          .sysfs = options.sysfs,
                          .rootfs = options.rootfs},
                .netlink = netlink_},
        devices_({.include = options.device_include,
                  .exclude = options.device_exclude,
                  .container_ports = options.container_ports}) {}

  // Makes the collectors. Returns what is wrong with the options, or nothing.
  std::string Start(const CollectableOptions& options) {
    for (const std::string& name : options.collectors) {
      if (Find(name) == nullptr) return "no such collector: '" + name + "'";
    }
    for (const CollectorDeclaration* const declaration : Catalog()) {
      if (IsWanted(*declaration, options)) {
        sources_.push_back(std::make_unique<Source>(*declaration));
      }
    }
    for (const auto& [key, value] : options.options) {
      if (std::string fault = Set(key, value); !fault.empty()) return key + ": " + fault;
    }
    for (const std::unique_ptr<Source>& source : sources_) {
      source->collector = source->declaration->create(
          {.kernel = kernel_, .options = source->options, .devices = devices_});
    }
    return {};
  }

  std::vector<prometheus::MetricFamily> Collect() {
    const std::lock_guard lock(mutex_);
    std::vector<prometheus::MetricFamily> families;
    for (const std::unique_ptr<Source>& source : sources_) {
      if (Succeeds(*source)) AppendMetricFamilies(source->samples, families);
    }
    return families;
  }

 private:
  std::string Set(const std::string& key, const std::string& value) {
    const std::size_t dot = key.find('.');
    if (dot == std::string::npos) return "not of the form collector.option";
    const std::string collector = key.substr(0, dot);
    const std::string option = key.substr(dot + 1);
    const CollectorDeclaration* const declaration = Find(collector);
    if (declaration == nullptr) return "no such collector";
    const auto specs = declaration->options;
    if (std::none_of(specs.begin(), specs.end(),
                     [&](const OptionSpec& spec) { return spec.name == option; })) {
      return "no such option";
    }
    for (const std::unique_ptr<Source>& source : sources_) {
      if (source->declaration == declaration) return source->options.Set(option, value);
    }
    return {};  // Of a collector that is not run.
  }

  NoNetlink netlink_;
  Kernel kernel_;
  DevicePolicy devices_;
  std::mutex mutex_;  // Guards the samples, which collectors fill.
  std::vector<std::unique_ptr<Source>> sources_;
};

Collectable::Collectable(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Collectable::~Collectable() = default;

std::shared_ptr<Collectable> Collectable::Create(const CollectableOptions& options,
                                                 std::string* error) {
  std::string fault;
  try {
    auto impl = std::make_unique<Impl>(options);
    fault = impl->Start(options);
    if (fault.empty()) return std::shared_ptr<Collectable>(new Collectable(std::move(impl)));
  } catch (const std::exception& exception) {  // A device expression that is none.
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
