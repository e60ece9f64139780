#include "exporter/page/shared_families.h"

#include <map>
#include <string_view>
#include <utility>

#include "collectors/shared_families.h"

namespace netstack {

std::size_t SharedFamilies::Group::FirstOf(std::span<const Samples* const> shown) const {
  for (const Member& member : members) {
    if (shown[member.collector] != nullptr) return member.collector;
  }
  return shown.size();
}

SharedFamilies::SharedFamilies(std::span<const CollectorDeclaration* const> collectors)
    : group_of_(collectors.size()) {
  std::map<std::string_view, Group> groups;
  for (const CollectorDeclaration* const collector : collectors) {
    for (const Family& family : collector->families) {
      if (MayBeShared(family)) groups.try_emplace(family.name);
    }
  }
  for (std::size_t i = 0; i < collectors.size(); ++i) {
    for (std::size_t j = 0; j < collectors[i]->families.size(); ++j) {
      const auto group = groups.find(collectors[i]->families[j].name);
      if (group != groups.end()) group->second.members.push_back({.collector = i, .family = j});
    }
  }
  for (auto& [name, group] : groups) {
    if (group.members.size() < 2) continue;
    for (const Member& member : group.members) {
      std::vector<std::size_t>& places = group_of_[member.collector];
      places.resize(collectors[member.collector]->families.size(), kNone);
      places[member.family] = groups_.size();
    }
    groups_.push_back(std::move(group));
  }
}

const SharedFamilies::Group* SharedFamilies::GroupOf(std::size_t collector,
                                                     std::size_t family) const {
  const std::size_t group = Has(collector) ? group_of_[collector][family] : kNone;
  return group == kNone ? nullptr : &groups_[group];
}

}  // namespace netstack
