#include "collectors/protocols/field_map.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>

#include "collectors/protocols/families.h"

namespace netstack::protocols {
namespace {

struct Row {
  std::string_view group;
  std::string_view name;
  std::uint16_t family = 0;
  constexpr auto Key() const { return std::tie(group, name); }
};

constexpr std::string_view TakeUntil(std::string_view& rest, std::string_view separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + separator.size());
  return taken;
}

// Calls `visit(group, name)` for each field that `source` names; its form is told in families.h.
template <class Visitor>
constexpr void ForEachField(std::string_view source, Visitor visit) {
  while (!source.empty()) {
    std::string_view part = TakeUntil(source, "; ");
    std::string_view words = TakeUntil(part, ", ");
    const bool snmp6 = TakeUntil(words, " ") == "/proc/net/snmp6";
    std::string_view group = TakeUntil(words, " ");
    std::string_view name = words;
    if (snmp6) {
      name = group.substr(group.find('6') + 1);
      group.remove_suffix(name.size());
    }
    visit(group, name);
  }
}

constexpr std::size_t CountRows() {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kUnknownField; ++i) {
    ForEachField(kFamilies[i].source, [&](std::string_view, std::string_view) { ++count; });
  }
  return count;
}

constexpr auto MakeRows() {
  std::array<Row, CountRows()> rows = {};
  std::size_t at = 0;
  for (std::size_t i = 0; i < kUnknownField; ++i) {
    ForEachField(kFamilies[i].source, [&](std::string_view group, std::string_view name) {
      rows[at++] = {.group = group, .name = name, .family = static_cast<std::uint16_t>(i)};
    });
  }
  std::ranges::sort(rows, {}, &Row::Key);
  return rows;
}

constexpr auto kRows = MakeRows();
static_assert(std::ranges::adjacent_find(kRows, {}, &Row::Key) == kRows.end(),
              "two families claim one field");

const Row* FindRow(std::string_view group, std::string_view name) {
  const auto key = std::tie(group, name);
  const auto row = std::ranges::lower_bound(kRows, key, {}, &Row::Key);
  return row != kRows.end() && row->Key() == key ? &*row : nullptr;
}

}  // namespace

std::optional<FieldMatch> FindField(std::string_view group, std::string_view name) {
  const std::string_view version = group.ends_with('6') ? "6" : "4";
  if (const Row* row = FindRow(group, name)) {
    return FieldMatch{.family = row->family, .ip_version = version};
  }
  // A numbered ICMP type: InType3 is found as InType*.
  const std::size_t digits = name.find_last_not_of("0123456789") + 1;
  const std::string_view stem = name.substr(0, digits);
  if (digits == name.size() || (stem != "InType" && stem != "OutType")) return std::nullopt;
  const Row* row = FindRow(group, stem == "InType" ? "InType*" : "OutType*");
  if (row == nullptr) return std::nullopt;
  return FieldMatch{.family = row->family, .ip_version = version, .icmp_type = name.substr(digits)};
}

}  // namespace netstack::protocols
