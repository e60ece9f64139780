#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack::ethtool {

// One of the levels between which adaptive coalescing (DIM) chooses, the least moderate first: when
// an interrupt is raised at the latest. What its driver does not use is not there.
struct ModerationLevel {
  bool is_transmit = false;
  std::uint32_t level = 0;
  std::optional<std::uint64_t> microseconds = {};
  std::optional<std::uint64_t> packets = {};
  std::optional<std::uint64_t> completions = {};
  bool operator==(const ModerationLevel&) const = default;
};

// Parses the profiles in a reply of ETHTOOL_MSG_COALESCE_GET, which few drivers have, since Linux
// 6.11; adds to `out`. kMalformed when an attribute does not fit or is too short; `device` is for
// the error.
Status ParseModeration(std::span<const std::byte> attributes, std::string_view device,
                       std::vector<ModerationLevel>& out);

}  // namespace netstack::ethtool
