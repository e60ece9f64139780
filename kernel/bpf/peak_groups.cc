#include "kernel/bpf/peak_groups.h"

#include <algorithm>

namespace netstack {

PeakGroups::PeakGroups(Table in, Table out, std::uint8_t first)
    : in_(in), out_(out), first_(first) {}

std::uint8_t& PeakGroups::Place(const Group& group) {
  return group.is_remote ? out_[group.port] : in_[group.port];
}

void PeakGroups::Want(std::span<const std::uint16_t> ports, bool is_remote) {
  sorted_.assign(ports.begin(), ports.end());
  std::sort(sorted_.begin(), sorted_.end());
  sorted_.erase(std::unique(sorted_.begin(), sorted_.end()), sorted_.end());
  for (const std::uint16_t port : sorted_) {
    if (port != 0) wanted_.push_back({.port = port, .is_remote = is_remote});
  }
}

PeakGroups::Group* PeakGroups::Find(const Wanted& wanted) {
  const std::uint8_t number = wanted.is_remote ? out_[wanted.port] : in_[wanted.port];
  return number == 0 ? nullptr : &groups_[static_cast<std::size_t>(number - first_)];
}

PeakGroups::Group* PeakGroups::Free(std::size_t most, Clock::time_point now,
                                    std::chrono::nanoseconds keep) {
  const std::size_t bound = std::min<std::size_t>(most, 256u - first_);
  if (groups_.size() < bound) return &groups_.emplace_back();
  Group* oldest = nullptr;
  for (Group& group : groups_) {
    if (group.in_use || now - group.left_at <= keep) continue;
    if (oldest == nullptr || group.left_at < oldest->left_at) oldest = &group;
  }
  if (oldest != nullptr) Place(*oldest) = 0;
  return oldest;
}

void PeakGroups::Assign(std::span<const std::uint16_t> listening,
                        std::span<const std::uint16_t> remote, std::size_t most,
                        Clock::time_point now, std::chrono::nanoseconds keep) {
  wanted_.clear();
  without_ = 0;
  Want(listening, false);
  Want(remote, true);
  std::size_t in_use = 0;
  for (Group& group : groups_) {
    const bool was_in_use = group.in_use;
    group.is_new = false;
    group.in_use = std::ranges::any_of(wanted_, [&](const Wanted& wanted) {
      return wanted.port == group.port && wanted.is_remote == group.is_remote;
    });
    if (was_in_use && !group.in_use) group.left_at = now;
    in_use += group.in_use ? 1 : 0;
  }
  for (const Wanted& wanted : wanted_) {
    if (Find(wanted) != nullptr) continue;
    Group* const group = in_use < most ? Free(most, now, keep) : nullptr;
    if (group == nullptr) {
      ++without_;
      continue;
    }
    *group = {.port = wanted.port, .is_remote = wanted.is_remote, .in_use = true, .is_new = true};
    Place(*group) = static_cast<std::uint8_t>(group - groups_.data() + first_);
    ++in_use;
  }
}

}  // namespace netstack
