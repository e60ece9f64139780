#include "exporter/path/count.h"

#include <algorithm>

namespace netstack {
namespace {

// What a counter rose by, and `last` for the next round. A small step back is a racy read of a sum
// over CPUs, a large one a reset: neither is an increase.
std::uint64_t Increase(std::uint64_t& last, std::uint64_t now, Width width) {
  const std::uint64_t before = last;
  if (now >= before) {
    last = now;
    return now - before;
  }
  if (width == Width::k32) {
    const auto wrapped = static_cast<std::uint32_t>(now) - static_cast<std::uint32_t>(before);
    last = now;
    return wrapped < (1u << 31) ? wrapped : 0;
  }
  if (now < before / 2) last = now;
  return 0;
}

}  // namespace

void Count::Begin() {
  hint_ = 0;
  terms_ = 0;
  for (Member& member : members_) member.seen = false;
}

Count::Member* Count::Find(std::size_t term, std::string_view labels) {
  const auto matches = [&](const Member& member) {
    return member.term == term && member.labels == labels;
  };
  if (hint_ < members_.size() && matches(members_[hint_])) return &members_[hint_++];
  if (first_) return nullptr;  // All are new; to search for each would be quadratic.
  const auto found = std::find_if(members_.begin(), members_.end(), matches);
  if (found == members_.end()) return nullptr;
  hint_ = static_cast<std::size_t>(found - members_.begin()) + 1;
  return &*found;
}

void Count::Add(std::size_t term, Effect effect, std::string_view labels, std::uint64_t value,
                Width width) {
  terms_ |= std::uint64_t{1} << term;
  Member* const member = Find(term, labels);
  if (member == nullptr) {
    members_.push_back({.term = term, .labels = std::string(labels), .last = value, .seen = true});
    hint_ = members_.size();
    return;
  }
  sums_[static_cast<std::size_t>(effect)] += Increase(member->last, value, width);
  member->seen = true;
}

std::uint64_t Count::End() {
  std::erase_if(members_, [](const Member& member) { return !member.seen; });
  if (!first_ && terms_ != known_terms_) {
    sums_ = {};
    value_ = 0;
  }
  first_ = false;
  known_terms_ = terms_;
  const auto& [added, taken, given_back] = sums_;
  const std::uint64_t less = taken > given_back ? taken - given_back : 0;
  if (added > less) value_ = std::max(value_, added - less);
  return value_;
}

}  // namespace netstack
