#include "collectors/sockets/owner_groups.h"

#include <algorithm>
#include <utility>

namespace netstack::sockets {

OwnerGroups::OwnerGroups(std::unique_ptr<SocketOwners> owners, std::string_view prefix,
                         std::size_t most)
    : owners_(std::move(owners)), prefix_(prefix), most_(std::min(most, kMost)) {
  groups_.push_back({.name = "other"});
}

Status OwnerGroups::Begin() {
  const auto is_gone = [](const SocketGroup& group) { return group.sums.sockets == 0; };
  groups_.erase(std::remove_if(groups_.begin(), groups_.end() - 1, is_gone), groups_.end() - 1);
  for (SocketGroup& group : groups_) {
    group.sums = {};
    if (group.quantities) group.quantities->Clear();
  }
  Status read = owners_->Read();
  group_of_.assign(owners_->size(), kUnknown);
  return read;
}

SocketGroup& OwnerGroups::Of(const InetSocket& connection) {
  const std::uint32_t owner = owners_->OwnerOf(connection);
  if (owner == SocketOwners::kNobody) return groups_.back();
  std::uint8_t& group = group_of_[owner];
  if (group == kUnknown) group = Place(owner);
  return group == 0 ? groups_.back() : groups_[group - 1u];
}

std::uint8_t OwnerGroups::Place(std::uint32_t owner) {
  const std::string_view name = owners_->NameOf(owner);
  const auto is_its = [&](const SocketGroup& group) {
    const std::string_view whole = group.name;
    return whole.size() == prefix_.size() + name.size() && whole.ends_with(name);
  };
  const auto other = groups_.end() - 1;
  auto found = std::find_if(groups_.begin(), other, is_its);
  if (found == other) {
    if (groups_.size() > most_) return 0;
    found = groups_.insert(other, SocketGroup{.name = prefix_ + std::string(name)});
  }
  return static_cast<std::uint8_t>(found - groups_.begin() + 1);
}

std::span<const SocketGroup> OwnerGroups::groups() {
  return groups_;
}

}  // namespace netstack::sockets
