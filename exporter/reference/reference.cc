#include "exporter/reference/reference.h"

#include <algorithm>
#include <vector>

#include "exporter/exposition/unit.h"
#include "exporter/reference/markdown.h"

namespace netstack {
namespace {

using markdown::Join;
using markdown::Plain;

// A family and who exports it: "link"; "tunables, ethtool" for one that is shared.
struct Entry {
  const Family* family;
  std::string source;
};

std::string LabelList(const Family& family) {
  std::string list;
  for (std::size_t i = 0; i < family.label_count(); ++i) {
    list += Join({i == 0 ? "" : ", ", "`", family.labels[i], "`"});
  }
  return list;
}

// Type, role, unit... in one line; what says nothing is left out.
std::string Facts(const Entry& entry) {
  const Family& family = *entry.family;
  std::string facts = std::string(Slug(family.type));
  if (family.type == MetricType::kCounter && family.width == Width::k32) facts += " (32 bits)";
  const auto add = [&facts](std::string_view name, std::string_view value) {
    if (!value.empty()) facts += Join({" · ", name, ": ", value});
  };
  add("labels", LabelList(family));
  add("unit", UnitOf(family));
  if (family.role != Role::kInfo) add("role", Slug(family.role));
  add("tier", Slug(family.tier));
  add("collector", entry.source);
  return facts;
}

void AppendFamily(const Entry& entry, std::string& out) {
  const Family& family = *entry.family;
  out += Join({"#### ", family.name, "\n\n", Plain(family.help), "\n\n", Facts(entry), "\n\n"});
  if (!family.reading.empty()) out += Join({"Reading: ", Plain(family.reading), "\n\n"});
  if (!family.source.empty()) out += Join({"Source: ", Plain(family.source), "\n\n"});
}

std::vector<Entry> AllEntries(std::span<const CollectorDeclaration* const> collectors,
                              std::span<const ReferenceSource> others) {
  std::vector<Entry> entries;
  const auto add = [&entries](std::span<const Family> families, std::string_view source) {
    for (const Family& family : families) {
      const auto same = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
        return entry.family->name == family.name;
      });
      if (same != entries.end()) {
        same->source += Join({", ", source});
      } else {
        entries.push_back({&family, std::string(source)});
      }
    }
  };
  for (const ReferenceSource& other : others) add(other.families, other.name);
  for (const CollectorDeclaration* const collector : collectors) {
    add(collector->families, collector->name);
  }
  return entries;
}

// The families of one stage below its heading; a stage without any has no heading.
void AppendStage(const std::vector<Entry>& entries, Path path, Stage stage,
                 std::string_view heading, std::string& out) {
  bool has_heading = false;
  for (const Entry& entry : entries) {
    if (entry.family->path != path || entry.family->stage != stage) continue;
    if (!has_heading) out += Join({heading, "\n\n"});
    has_heading = true;
    AppendFamily(entry, out);
  }
}

void AppendPath(const std::vector<Entry>& entries, Path path, std::string_view title,
                std::string& out) {
  out += Join({"## ", title, "\n\n"});
  for (const StageInfo& info : AllStages()) {
    if (info.path != path) continue;
    AppendStage(entries, path, info.stage,
                Join({"### ", info.order, " ", Slug(info.stage), ": ", info.title}), out);
  }
}

std::string_view KindWord(const OptionSpec& option) {
  switch (option.kind) {
    case OptionSpec::Kind::kBool:
      return "true or false";
    case OptionSpec::Kind::kInteger:
      return "whole number";
    case OptionSpec::Kind::kDuration:
      return "duration";
    case OptionSpec::Kind::kWord:
      return option.words;
    case OptionSpec::Kind::kText:
      return "text";
    case OptionSpec::Kind::kRegex:
      return "regular expression";
    case OptionSpec::Kind::kList:
      return "list";
  }
  return {};
}

std::string Range(const OptionSpec& option) {
  if (option.kind != OptionSpec::Kind::kInteger) return {};
  const std::string min = std::to_string(option.min);
  if (option.max == INT64_MAX) return Join({" from ", min});
  return Join({" from ", min, " to ", std::to_string(option.max)});
}

void AppendCollector(const CollectorDeclaration& collector, std::string& out) {
  out += Join({"### ", collector.name, "\n\n", Plain(collector.summary),
               collector.enabled_by_default ? "" : " Off by default.", "\n\n"});
  if (collector.options.empty()) return;
  out += "| option | value | default | meaning |\n|---|---|---|---|\n";
  for (const OptionSpec& option : collector.options) {
    out += Join({"| `--collector.", collector.name, ".", option.name, "` | ",
                 Plain(KindWord(option)), Range(option), " | ", Plain(option.default_value), " | ",
                 Plain(option.help), " |\n"});
  }
  out += "\n";
}

}  // namespace

std::string WriteReference(std::span<const CollectorDeclaration* const> collectors,
                           std::span<const ReferenceSource> others) {
  const std::vector<Entry> entries = AllEntries(collectors, others);
  std::string out =
      "# Metrics\n\n"
      "Made by `netstack_exporter reference` from the declarations in the code; do not edit.\n\n"
      "A packet can be queued, delayed or lost at a stage of its path. The role says what a metric "
      "is there: flow (work done), drop (lost here), pressure (nothing lost yet), wait, depth "
      "against its limit, or a tunable.\n\n";
  AppendPath(entries, Path::kReceive, "Receive path", out);
  AppendPath(entries, Path::kTransmit, "Transmit path", out);
  AppendStage(entries, Path::kNone, Stage::kNone, "## On no path", out);
  out += "## Collectors and their options\n\n";
  for (const CollectorDeclaration* const collector : collectors) AppendCollector(*collector, out);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace netstack
