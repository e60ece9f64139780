#include "config/yaml_config.h"

#include "config/settings.h"
#include "config/yaml_reader.h"

namespace netstack {
namespace {

constexpr std::string_view kCollectors = "collectors";

// The one who walks the sections of a file and sets the draft.
class SectionReader {
 public:
  SectionReader(YamlReader& yaml, ConfigDraft& draft) : yaml_(yaml), draft_(draft) {}

  void ReadFile() {
    std::vector<std::string_view> known = {kCollectors};
    for (const Section& section : Sections()) known.push_back(section.name);
    yaml_.ForEach(yaml_.root(), "", known, [&](const YamlNode& key, const YamlNode& value) {
      if (key.text == kCollectors) return ReadCollectors(value);
      ReadSection(key.text, value);
    });
  }

 private:
  void ReadSection(const std::string& section, const YamlNode& node) {
    const std::string prefix = section + ".";
    std::vector<std::string_view> known;
    for (const Setting& row : Settings()) {
      if (row.yaml.starts_with(prefix)) known.push_back(row.yaml.substr(prefix.size()));
    }
    yaml_.ForEach(node, section, known, [&](const YamlNode& key, const YamlNode& value) {
      for (const Setting& row : Settings()) {
        if (row.yaml == prefix + key.text) ReadSetting(row, value);
      }
    });
  }

  void ReadSetting(const Setting& row, const YamlNode& node) {
    const auto texts = yaml_.TextsFor(row.spec, row.yaml, node);
    if (texts) Report(node, row.yaml, draft_.SetSetting(row.spec.name, *texts));
  }

  void ReadCollectors(const YamlNode& node) {
    std::vector<std::string_view> known;
    for (const CollectorDeclaration* collector : draft_.collectors()) {
      known.push_back(collector->name);
    }
    yaml_.ForEach(node, kCollectors, known, [&](const YamlNode& key, const YamlNode& value) {
      for (const CollectorDeclaration* collector : draft_.collectors()) {
        if (collector->name == key.text) ReadCollector(*collector, value);
      }
    });
  }

  void ReadCollector(const CollectorDeclaration& collector, const YamlNode& node) {
    std::vector<std::string_view> known;
    for (const OptionSpec& spec : CollectorSettingSpecs()) known.push_back(spec.name);
    for (const OptionSpec& spec : collector.options) known.push_back(spec.name);
    const std::string section = JoinKeys(kCollectors, collector.name);
    yaml_.ForEach(node, section, known, [&](const YamlNode& key, const YamlNode& value) {
      const OptionSpec& spec = *ConfigDraft::FindCollectorOption(collector, key.text);
      const std::string name = JoinKeys(section, key.text);
      const auto texts = yaml_.TextsFor(spec, name, value);
      if (!texts) return;
      Report(value, name, draft_.SetCollectorOption(collector.name, spec.name, *texts));
    });
  }

  void Report(const YamlNode& node, std::string_view name, const std::string& complaint) {
    if (!complaint.empty()) yaml_.Complain(node, std::string(name) + ": " + complaint);
  }

  YamlReader& yaml_;
  ConfigDraft& draft_;
};

}  // namespace

std::vector<Error> ApplyYaml(std::string_view path, std::string_view text, ConfigDraft& draft) {
  YamlReader yaml(path, text);
  SectionReader(yaml, draft).ReadFile();
  return yaml.TakeErrors();
}

}  // namespace netstack
