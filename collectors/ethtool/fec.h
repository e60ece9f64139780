#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kernel/result.h"

namespace netstack::ethtool {

// Forward error correction of a device's link. What its driver does not tell is empty.
struct FecSettings {
  std::string active = {};      // "rs", "baser", "llrs", "off"; empty while the link is down.
  std::string configured = {};  // The modes that are allowed, joined by commas; "auto" among them.
  void Clear();
  bool operator==(const FecSettings&) const = default;
};

struct FecCounters {
  std::optional<std::uint64_t> corrected_blocks = {};
  std::optional<std::uint64_t> uncorrectable_blocks = {};
  std::optional<std::uint64_t> corrected_bits = {};
  bool empty() const { return !corrected_blocks && !uncorrectable_blocks && !corrected_bits; }
  bool operator==(const FecCounters&) const = default;
};

// Parses a reply of ETHTOOL_MSG_FEC_GET with ETHTOOL_FLAG_STATS into what was cleared before.
// kMalformed when an attribute does not fit or is too short; `device` is for the error.
Status ParseFec(std::span<const std::byte> attributes, std::string_view device,
                FecSettings& settings, FecCounters& counters);

}  // namespace netstack::ethtool
