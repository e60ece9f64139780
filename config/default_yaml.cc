#include "config/settings.h"
#include "config/wrap.h"
#include "config/yaml_config.h"

namespace netstack {
namespace {

using Kind = OptionSpec::Kind;

void WriteComment(std::string& out, std::string_view indent, std::string_view text) {
  AppendWrapped(out, std::string(indent) + "# ", text);
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string ValueOf(const OptionSpec& spec, std::string_view value) {
  if (spec.kind == Kind::kText || spec.kind == Kind::kRegex) return Quoted(value);
  if (spec.kind != Kind::kList) return std::string(value);
  std::string out = "[";
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(','), value.size());
    if (out.size() > 1) out += ", ";
    out += Quoted(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return out + "]";
}

// What may be written, where the default does not show it.
std::string Choices(const OptionSpec& spec) {
  if (spec.kind != Kind::kWord && spec.kind != Kind::kInteger) return "";
  std::string expected = ExpectedValue(spec);
  expected.front() = static_cast<char>(expected.front() - 'a' + 'A');
  return " " + expected + ".";
}

std::string HelpOf(const OptionSpec& spec) {
  return std::string(spec.help) + Choices(spec);
}

void WriteValue(std::string& out, std::string_view indent, std::string_view key,
                const OptionSpec& spec, std::string_view value) {
  out.append(indent).append(key).append(": ").append(ValueOf(spec, value)).append("\n");
}

void WriteSection(std::string& out, const Section& section) {
  out += "\n";
  WriteComment(out, "", section.help);
  out.append(section.name).append(":\n");
  for (const Setting& row : Settings()) {
    if (!row.yaml.starts_with(std::string(section.name) + ".")) continue;
    const std::string_view key = row.yaml.substr(section.name.size() + 1);
    WriteComment(out, "  ", HelpOf(row.spec));
    WriteValue(out, "  ", key, row.spec, row.spec.default_value);
  }
}

void WriteCollector(std::string& out, const CollectorDeclaration& collector) {
  out += "\n";
  WriteComment(out, "  ", collector.summary);
  out.append("  ").append(collector.name).append(":\n");
  for (const CollectorSetting& row : CollectorSettings()) {
    WriteValue(out, "    ", row.spec.name, row.spec, DefaultOf(row, collector));
  }
  for (const OptionSpec& spec : collector.options) {
    WriteComment(out, "    ", HelpOf(spec));
    WriteValue(out, "    ", spec.name, spec, spec.default_value);
  }
}

}  // namespace

std::string DefaultYaml(CollectorList collectors) {
  std::string out;
  WriteComment(out, "",
               "Configuration of netstack_exporter, with every setting at its default: an empty "
               "file means the same. Each setting is a flag, too, and flags win over the file: "
               "web.telemetry-path is --web.telemetry-path (and web.config-file is "
               "--web.config.file), collectors.link.max-series is --collector.link.max-series, "
               "collectors.link.enabled is --collector.link or --no-collector.link. Unknown and "
               "duplicate keys are refused. netstack_exporter check-config FILE checks a file.");
  for (const Section& section : Sections()) WriteSection(out, section);
  out += "\n";
  WriteComment(out, "", "The collectors. Every one has:");
  for (const CollectorSetting& row : CollectorSettings()) {
    WriteComment(out, "", std::string(row.spec.name) + ": " + HelpOf(row.spec));
  }
  if (collectors.empty()) return out + "collectors: {}\n";
  out += "collectors:";
  for (const CollectorDeclaration* collector : collectors) WriteCollector(out, *collector);
  return out;
}

}  // namespace netstack
