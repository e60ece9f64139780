#include "exporter/exposition/unit.h"

#include <array>

namespace netstack {
namespace {

// Base units of Prometheus, and what this program counts in.
constexpr std::array<std::string_view, 12> kUnits = {
    "seconds", "bytes",     "ratio",   "packets", "frames",  "segments",
    "hertz",   "datagrams", "sockets", "pages",   "entries", "connections"};

bool EndsInWord(std::string_view name, std::string_view word) {
  return name.ends_with(word) && name.size() > word.size() &&
         name[name.size() - word.size() - 1] == '_';
}

}  // namespace

std::string_view OpenMetricsName(const Family& family) {
  std::string_view name = family.name;
  constexpr std::string_view kTotal = "_total";
  constexpr std::string_view kInfo = "_info";
  if (family.type == MetricType::kCounter && name.ends_with(kTotal)) {
    name.remove_suffix(kTotal.size());
  }
  if (family.type == MetricType::kInfo && name.ends_with(kInfo)) name.remove_suffix(kInfo.size());
  return name;
}

std::string_view UnitOf(const Family& family) {
  if (family.type == MetricType::kInfo) return {};
  const std::string_view name = OpenMetricsName(family);
  for (const std::string_view unit : kUnits) {
    if (EndsInWord(name, unit)) return unit;
  }
  return {};
}

}  // namespace netstack
