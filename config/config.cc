#include "config/config.h"

namespace netstack {
namespace {

std::string TextOrEmpty(const OptionValues& options, std::string_view name) {
  return FindOption(options.specs(), name) == nullptr ? "" : options.Text(name);
}

}  // namespace

DeviceConfig DeviceConfigFor(const CollectorConfig& collector, const DeviceConfig& shared) {
  DeviceConfig policy = shared;
  std::string include = TextOrEmpty(collector.options, "device-include");
  std::string exclude = TextOrEmpty(collector.options, "device-exclude");
  if (include.empty() && exclude.empty()) return policy;
  policy.include = std::move(include);
  policy.exclude = std::move(exclude);
  return policy;
}

}  // namespace netstack
