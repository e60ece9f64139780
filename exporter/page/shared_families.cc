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
    : has_(collectors.size()) {
  std::map<std::string_view, Group> groups;
  for (std::size_t i = 0; i < collectors.size(); ++i) {
    for (std::size_t j = 0; j < collectors[i]->families.size(); ++j) {
      const Family& family = collectors[i]->families[j];
      if (MayBeShared(family)) groups[family.name].members.push_back({.collector = i, .family = j});
    }
  }
  for (auto& [name, group] : groups) {
    if (group.members.size() < 2) continue;
    for (const Member& member : group.members) has_[member.collector] = true;
    groups_.push_back(std::move(group));
  }
}

const SharedFamilies::Group* SharedFamilies::GroupOf(std::size_t collector,
                                                     std::size_t family) const {
  for (const Group& group : groups_) {
    for (const Member& member : group.members) {
      if (member.collector == collector && member.family == family) return &group;
    }
  }
  return nullptr;
}

}  // namespace netstack
