#include "config/draft.h"

#include <algorithm>

#include "config/settings.h"

namespace netstack {
namespace {

std::string SetValues(OptionValues& options, std::string_view name,
                      std::span<const std::string> values) {
  const OptionSpec* spec = FindOption(options.specs(), name);
  if (spec != nullptr && spec->kind == OptionSpec::Kind::kList) {
    return options.SetList(name, values);
  }
  if (values.size() != 1) return "takes exactly one value, not " + std::to_string(values.size());
  return options.Set(name, values.front());
}

const OptionSpec* CommonOption(std::string_view name) {
  return FindOption(CollectorSettingSpecs(), name);
}

}  // namespace

ConfigDraft::ConfigDraft(CollectorList collectors)
    : collectors_(collectors), settings_(SettingSpecs()) {
  for (const CollectorDeclaration* collector : collectors_) {
    CollectorDraft draft{.common = OptionValues(CollectorSettingSpecs()),
                         .own = OptionValues(collector->options)};
    for (const CollectorSetting& row : CollectorSettings()) {
      draft.common.Set(row.spec.name, DefaultOf(row, *collector));
    }
    collector_values_.emplace(collector->name, std::move(draft));
  }
}

const OptionSpec* ConfigDraft::FindCollectorOption(const CollectorDeclaration& collector,
                                                   std::string_view name) {
  const OptionSpec* common = CommonOption(name);
  return common != nullptr ? common : FindOption(collector.options, name);
}

std::string ConfigDraft::SetSetting(std::string_view flag, std::span<const std::string> values) {
  const auto row =
      std::ranges::find(Settings(), flag, [](const Setting& s) { return s.spec.name; });
  if (row == Settings().end()) return "no such setting";
  if (row->check != nullptr) {
    for (const std::string& value : values) {
      std::string complaint = row->check(value);
      if (!complaint.empty()) return complaint;
    }
  }
  return SetValues(settings_, flag, values);
}

std::string ConfigDraft::SetCollectorOption(std::string_view collector, std::string_view name,
                                            std::span<const std::string> values) {
  const auto found = collector_values_.find(collector);
  if (found == collector_values_.end()) return "no such collector";
  CollectorDraft& draft = found->second;
  return SetValues(CommonOption(name) != nullptr ? draft.common : draft.own, name, values);
}

void ConfigDraft::DisableAllCollectors() {
  for (auto& [name, draft] : collector_values_) draft.common.Set("enabled", "false");
}

Config ConfigDraft::Build() const {
  Config config;
  for (const Setting& row : Settings()) row.assign(settings_, row.spec.name, config);
  for (const auto& [name, draft] : collector_values_) {
    CollectorConfig& collector = config.collectors[name];
    for (const CollectorSetting& row : CollectorSettings()) {
      row.assign(draft.common, row.spec.name, collector);
    }
    collector.options = draft.own;
  }
  return config;
}

Config DefaultConfig(CollectorList collectors) {
  return ConfigDraft(collectors).Build();
}

std::vector<std::string> Contradictions(const Config& config) {
  std::vector<std::string> found;
  if (!config.devices.include.empty() && !config.devices.exclude.empty()) {
    found.emplace_back("devices.include and devices.exclude are both set: choose one");
  }
  if (!config.devices.kinds_include.empty() && !config.devices.kinds_exclude.empty()) {
    found.emplace_back("devices.kinds-include and devices.kinds-exclude are both set: choose one");
  }
  for (const auto& [name, collector] : config.collectors) {
    const DeviceConfig own = DeviceConfigFor(collector, DeviceConfig());
    if (own.include.empty() || own.exclude.empty()) continue;
    found.push_back("collector " + name +
                    ": device-include and device-exclude are both set: choose one");
  }
  if (config.scrape.timeout_margin >= config.scrape.timeout) {
    found.emplace_back("scrape.timeout-margin leaves nothing of scrape.timeout");
  }
  if (std::min(config.scrape.collector_timeout, config.scrape.blocking_timeout).count() == 0) {
    found.emplace_back("scrape.collector-timeout and scrape.blocking-timeout must not be 0");
  }
  if (config.web.listen_addresses.empty()) {
    found.emplace_back("web.listen-address is empty: nothing to listen on");
  }
  return found;
}

}  // namespace netstack
