#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "kernel/result.h"

namespace netstack::bonding {

// What RTM_NEWLINK tells of a device as a bond, or as a slave of one. What a kernel does not say is
// left out.
struct BondLink {
  std::uint32_t index = 0;
  bool is_bond = false;
  std::optional<std::uint8_t> mode = {};               // BOND_MODE_*; bonds only.
  std::optional<std::uint16_t> aggregator_ports = {};  // 802.3ad only.
  bool is_slave = false;
  std::uint32_t master = 0;                     // Index of the bond; slaves only.
  std::optional<std::uint8_t> state = {};       // BOND_STATE_*: 0 active, 1 backup.
  std::optional<std::uint8_t> mii_status = {};  // BOND_LINK_*.
  std::optional<std::uint32_t> link_failures = {};
  std::optional<std::uint16_t> aggregator = {};
  bool operator==(const BondLink&) const = default;
};

// Parses the payload of an RTM_NEWLINK message, of any device. kMalformed when an attribute does
// not fit or is too short.
Status ParseBondLink(std::span<const std::byte> payload, BondLink& out);

}  // namespace netstack::bonding
