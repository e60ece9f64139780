#include "config/load.h"

#include "config/small_file.h"
#include "config/yaml_config.h"

namespace netstack {
namespace {

Error Invalid(const std::string& subject, std::string what) {
  return {.kind = ErrorKind::kInvalid, .path = subject, .what = std::move(what)};
}

std::vector<Error> ApplyFile(const std::string& path, ConfigDraft& draft) {
  if (path.empty()) return {};
  const Result<std::string> text = ReadSmallFile(path);
  if (!text) return {text.error()};
  return ApplyYaml(path, *text, draft);
}

std::vector<Error> ApplyFlags(const ConfigSources& sources, ConfigDraft& draft) {
  std::vector<Error> errors;
  if (sources.disable_defaults) draft.DisableAllCollectors();
  for (const Assignment& a : sources.assignments) {
    std::string complaint = a.collector.empty()
                                ? draft.SetSetting(a.name, a.values)
                                : draft.SetCollectorOption(a.collector, a.name, a.values);
    if (!complaint.empty()) errors.push_back(Invalid(a.flag, std::move(complaint)));
  }
  return errors;
}

}  // namespace

std::vector<Error> LoadConfig(CollectorList collectors, const ConfigSources& sources,
                              Config& config) {
  ConfigDraft draft(collectors);
  std::vector<Error> errors = ApplyFile(sources.file, draft);
  for (Error& error : ApplyFlags(sources, draft)) errors.push_back(std::move(error));
  if (!errors.empty()) return errors;
  Config built = draft.Build();
  for (std::string& what : Contradictions(built)) {
    errors.push_back(Invalid("configuration", std::move(what)));
  }
  if (errors.empty()) config = std::move(built);
  return errors;
}

}  // namespace netstack
