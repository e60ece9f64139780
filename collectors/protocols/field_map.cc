#include "collectors/protocols/field_map.h"

#include <algorithm>
#include <tuple>

namespace netstack::protocols {
namespace {

std::string_view TakeUntil(std::string_view& rest, std::string_view separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + separator.size());
  return taken;
}

constexpr auto kKey = [](const auto& row) { return std::tie(row.group, row.name); };

}  // namespace

FieldMap::FieldMap(std::span<const Family> families) {
  for (std::size_t i = 0; i < families.size(); ++i) {
    std::string_view parts = families[i].source;
    while (!parts.empty()) {
      std::string_view part = TakeUntil(parts, "; ");
      std::string_view words = TakeUntil(part, ", ");
      const bool snmp6 = TakeUntil(words, " ") == "/proc/net/snmp6";
      std::string_view group = TakeUntil(words, " ");
      std::string_view name = words;
      if (snmp6) {
        name = group.substr(group.find('6') + 1);
        group.remove_suffix(name.size());
      }
      rows_.push_back({.group = group, .name = name, .family = i});
    }
  }
  std::ranges::sort(rows_, {}, kKey);
}

const FieldMap::Row* FieldMap::FindRow(std::string_view group, std::string_view name) const {
  const auto key = std::tie(group, name);
  const auto row = std::ranges::lower_bound(rows_, key, {}, kKey);
  return row != rows_.end() && kKey(*row) == key ? &*row : nullptr;
}

std::optional<FieldMatch> FieldMap::Find(std::string_view group, std::string_view name) const {
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
