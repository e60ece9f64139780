#include "exporter/reference/stage_section.h"

#include <algorithm>
#include <array>
#include <vector>

#include "exporter/path/rows.h"
#include "exporter/reference/markdown.h"

namespace netstack {
namespace {

using markdown::Join;
using markdown::Plain;

std::string Link(std::string_view family) {
  return Join({"[`", family, "`](../metrics.md#", family, ")"});
}

std::string Describe(const Term& term) {
  std::string text = Link(term.family);
  if (!term.label.empty()) text += Join({" of ", term.label, " `", term.value, "`"});
  if (term.otherwise == nullptr) return text;
  for (const Term& other : term.otherwise->terms) {
    if (!other.family.empty()) text += " or " + Describe(other);
  }
  return text;
}

std::string List(const Terms& terms) {
  std::string list;
  for (const Term& term : terms) {
    if (term.family.empty()) continue;
    list += Join({list.empty() ? "" : ", ", Describe(term)});
  }
  return list;
}

std::string CountedFrom(const CountRow& row) {
  const std::string minus = List(row.minus);
  return minus.empty() ? List(row.plus) : Join({List(row.plus), " less ", minus});
}

std::vector<const CountRow*> RowsOf(const StageInfo& stage, Kind kind) {
  std::vector<const CountRow*> rows;
  for (const auto& all : {ReceiveRows(), TransmitRows()}) {
    for (const CountRow& row : all) {
      if (row.path == stage.path && row.stage == stage.stage && row.kind == kind) {
        rows.push_back(&row);
      }
    }
  }
  return rows;
}

void AppendFlows(const StageInfo& stage, std::string& out) {
  for (const CountRow* const row : RowsOf(stage, Kind::kFlow)) {
    out += Join({"Passed (`netstack_path_packets_total`): ", Plain(row->says), " From ",
                 CountedFrom(*row), ".\n\n"});
  }
}

void AppendDrops(const StageInfo& stage, std::string& out) {
  const auto rows = RowsOf(stage, Kind::kDrop);
  if (rows.empty()) {
    out += "Drops: the ledger counts none here.\n\n";
    return;
  }
  out +=
      "Drops (`netstack_path_drops_total`):\n\n"
      "| class | cause | what it is | counted from |\n|---|---|---|---|\n";
  for (const CountRow* const row : rows) {
    out += Join({"| ", Slug(row->cls), " | `", row->cause, "` | ", Plain(row->says), " | ",
                 CountedFrom(*row), " |\n"});
  }
  out += "\n";
}

void AppendPressure(const StageInfo& stage, std::string& out) {
  const auto rows = RowsOf(stage, Kind::kPressure);
  if (rows.empty()) return;
  out +=
      "Pressure (`netstack_path_pressure_total`):\n\n"
      "| cause | what it is | counted from |\n|---|---|---|\n";
  for (const CountRow* const row : rows) {
    out += Join({"| `", row->cause, "` | ", Plain(row->says), " | ", CountedFrom(*row), " |\n"});
  }
  out += "\n";
}

void AppendSaturation(const StageInfo& stage, std::string& out) {
  bool first = true;
  for (const SaturationRow& row : SaturationRows()) {
    if (row.path != stage.path || row.stage != stage.stage) continue;
    if (first) {
      out +=
          "Saturation (`netstack_path_saturation_ratio`):\n\n"
          "| resource | depth | limit |\n|---|---|---|\n";
    }
    first = false;
    const std::string limit =
        row.limit.family.empty() ? std::string("each has its own") : Describe(row.limit);
    out += Join({"| `", row.resource, "` | ", List(row.depth), " | ", limit, " |\n"});
  }
  if (!first) out += "\n";
}

void AppendBlind(const StageInfo& stage, std::string& out) {
  for (const BlindRow& row : BlindRows()) {
    if (row.path != stage.path || row.stage != stage.stage) continue;
    out += Join(
        {"Blind (`netstack_path_blind`), reason `", row.reason, "`: ", Plain(row.says), "\n\n"});
  }
}

// Families of the stage with this role, once each though several collectors may declare one.
std::vector<const Family*> FamiliesOf(const StageInfo& stage, Role role,
                                      std::span<const CollectorDeclaration* const> collectors,
                                      std::span<const ReferenceSource> others) {
  std::vector<const Family*> found;
  const auto add = [&](std::span<const Family> families) {
    for (const Family& family : families) {
      if (family.path != stage.path || family.stage != stage.stage || family.role != role) continue;
      const bool known = std::any_of(found.begin(), found.end(),
                                     [&](const Family* one) { return one->name == family.name; });
      if (!known) found.push_back(&family);
    }
  };
  for (const ReferenceSource& other : others) add(other.families);
  for (const CollectorDeclaration* const collector : collectors) add(collector->families);
  return found;
}

struct RoleTitle {
  Role role;
  std::string_view title;
};
constexpr auto kDescribed = std::to_array<RoleTitle>({
    {Role::kDrop, "Lost, or an aggregate or a consequence of losses (the ledger decides)"},
    {Role::kPressure, "Pressure"},
    {Role::kWait, "Time spent"},
    {Role::kDepth, "Depth"},
    {Role::kLimit, "Limits"},
});
constexpr auto kNamed = std::to_array<RoleTitle>({
    {Role::kFlow, "Work done"},
    {Role::kInfo, "Information"},
});

}  // namespace

const StageInfo* StageNamed(std::string_view name) {
  for (const StageInfo& info : AllStages()) {
    if (Join({Slug(info.path), "-", Slug(info.stage)}) == name) return &info;
  }
  return nullptr;
}

std::string WriteStageSection(const StageInfo& stage,
                              std::span<const CollectorDeclaration* const> collectors,
                              std::span<const ReferenceSource> others) {
  std::string out = Join({"Labels: `path=\"", Slug(stage.path), "\",stage=\"", Slug(stage.stage),
                          "\"`, stage ", stage.order, " of its path.\n\n"});
  AppendFlows(stage, out);
  AppendDrops(stage, out);
  AppendPressure(stage, out);
  AppendSaturation(stage, out);
  AppendBlind(stage, out);
  for (const RoleTitle& row : kDescribed) {
    const auto families = FamiliesOf(stage, row.role, collectors, others);
    if (families.empty()) continue;
    out += Join({row.title, ":\n\n"});
    for (const Family* const family : families) {
      out += Join({"- ", Link(family->name), ": ", Plain(family->help), "\n"});
    }
    out += "\n";
  }
  for (const RoleTitle& row : kNamed) {
    std::string names;
    for (const Family* const family : FamiliesOf(stage, row.role, collectors, others)) {
      names += Join({names.empty() ? "" : ", ", Link(family->name)});
    }
    if (!names.empty()) out += Join({row.title, ": ", names, ".\n\n"});
  }
  out.pop_back();
  return out;
}

}  // namespace netstack
