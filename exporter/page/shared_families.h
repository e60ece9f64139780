#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "collectors/collector.h"

namespace netstack {

// Which families are declared by more than one collector of a page. Their samples have to stand
// together, below one head, where the first collector that is shown has its own.
class SharedFamilies {
 public:
  struct Member {
    std::size_t collector;
    std::size_t family;  // Position in the collector's table.
  };
  struct Group {
    std::vector<Member> members;  // At least two, in the collectors' order.
    // The first member's collector that is not null in `shown`, which is by collector.
    std::size_t FirstOf(std::span<const Samples* const> shown) const;
  };

  explicit SharedFamilies(std::span<const CollectorDeclaration* const> collectors);

  // True if one of the collector's families is shared.
  bool Has(std::size_t collector) const { return !group_of_[collector].empty(); }
  // Null for a family that is the collector's own.
  const Group* GroupOf(std::size_t collector, std::size_t family) const;

 private:
  static constexpr std::size_t kNone = SIZE_MAX;
  std::vector<Group> groups_;
  // By collector and family; empty for a collector that shares none.
  std::vector<std::vector<std::size_t>> group_of_;
};

}  // namespace netstack
