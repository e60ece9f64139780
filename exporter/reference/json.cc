#include "exporter/reference/json.h"

#include <set>

#include "exporter/exposition/unit.h"
#include "exporter/path/rows.h"

namespace netstack {
namespace {

// Writes JSON by hand: strings, lists and objects, one member of the two lists a line.
class Json {
 public:
  std::string Take() { return std::move(text_); }

  void Open(std::string_view bracket) {
    Separate();
    text_ += bracket;
    first_ = true;
  }
  void Close(std::string_view bracket) {
    text_ += bracket;
    first_ = false;
  }
  void Key(std::string_view name) {
    String(name);
    text_ += ": ";
    first_ = true;
  }
  void Member(std::string_view name, std::string_view value) {
    Key(name);
    String(value);
  }
  void String(std::string_view value) {
    Separate();
    text_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c == '\n' || c == '\t' ? ' ' : c;
    }
    text_ += '"';
  }
  void Line() {
    text_ += first_ ? "\n" : ",\n";
    first_ = true;
  }

 private:
  void Separate() {
    if (!first_) text_ += ", ";
    first_ = false;
  }
  std::string text_;
  bool first_ = true;
};

void AppendCounts(const StageInfo& stage, Kind kind, std::string_view name, Json& out) {
  out.Key(name);
  out.Open("[");
  for (const auto& rows : {ReceiveRows(), TransmitRows()}) {
    for (const CountRow& row : rows) {
      if (row.path != stage.path || row.stage != stage.stage || row.kind != kind) continue;
      out.Open("{");
      if (kind == Kind::kDrop) out.Member("class", Slug(row.cls));
      if (kind != Kind::kFlow) out.Member("cause", row.cause);
      out.Member("says", row.says);
      out.Close("}");
    }
  }
  out.Close("]");
}

void AppendStage(const StageInfo& stage, Json& out) {
  out.Open("{");
  out.Member("path", Slug(stage.path));
  out.Member("stage", Slug(stage.stage));
  out.Member("order", stage.order);
  out.Member("title", stage.title);
  AppendCounts(stage, Kind::kFlow, "packets", out);
  AppendCounts(stage, Kind::kDrop, "drops", out);
  AppendCounts(stage, Kind::kPressure, "pressure", out);
  out.Key("saturation");
  out.Open("[");
  for (const SaturationRow& row : SaturationRows()) {
    if (row.path == stage.path && row.stage == stage.stage) out.String(row.resource);
  }
  out.Close("]");
  out.Key("blind");
  out.Open("[");
  for (const BlindRow& row : BlindRows()) {
    if (row.path != stage.path || row.stage != stage.stage) continue;
    out.Open("{");
    out.Member("reason", row.reason);
    out.Member("says", row.says);
    out.Close("}");
  }
  out.Close("]");
  out.Close("}");
}

void AppendFamily(const Family& family, std::string_view source, Json& out) {
  out.Open("{");
  out.Member("name", family.name);
  out.Member("type", Slug(family.type));
  out.Member("path", Slug(family.path));
  out.Member("stage", Slug(family.stage));
  out.Member("role", Slug(family.role));
  out.Member("tier", Slug(family.tier));
  out.Member("unit", UnitOf(family));
  out.Key("labels");
  out.Open("[");
  for (std::size_t i = 0; i < family.label_count(); ++i) out.String(family.labels[i]);
  out.Close("]");
  out.Member("declared_by", source);
  out.Member("help", family.help);
  out.Member("reading", family.reading);
  out.Member("source", family.source);
  out.Close("}");
}

}  // namespace

std::string WriteReferenceJson(std::span<const CollectorDeclaration* const> collectors,
                               std::span<const ReferenceSource> others) {
  Json out;
  std::set<std::string_view> written;
  const auto append = [&](std::span<const Family> families, std::string_view source) {
    for (const Family& family : families) {
      if (!written.insert(family.name).second) continue;
      out.Line();
      AppendFamily(family, source, out);
    }
  };
  out.Open("{");
  out.Key("stages");
  out.Open("[");
  for (const StageInfo& stage : AllStages()) {
    out.Line();
    AppendStage(stage, out);
  }
  out.Close("]");
  out.Key("families");
  out.Open("[");
  for (const ReferenceSource& other : others) append(other.families, other.name);
  for (const CollectorDeclaration* const collector : collectors) {
    append(collector->families, collector->name);
  }
  out.Close("]");
  out.Close("}\n");
  return out.Take();
}

}  // namespace netstack
