#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace netstack {

// A table that is written in parts: the rows of all parts, in the order of the parts.
template <typename Row, std::size_t... kSizes>
constexpr std::array<Row, (kSizes + ...)> Joined(const std::array<Row, kSizes>&... parts) {
  std::array<Row, (kSizes + ...)> all = {};
  auto next = all.begin();
  ((next = std::ranges::copy(parts, next).out), ...);
  return all;
}

}  // namespace netstack
