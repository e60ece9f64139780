#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "collectors/nic/families.h"

namespace netstack::nic {

enum class Direction : std::uint8_t { kReceive, kTransmit };
std::string_view Slug(Direction direction);

// One kind of statistic of one driver.
struct StatRow {
  std::string_view driver;
  // The driver's name for it, where # stands for the queue's number and * for another. Of a driver
  // whose names have sections for each queue: "rx:" or "tx:", then the name without the blanks
  // before it.
  std::string_view pattern;
  FamilyIndex family;
  Direction direction;
  std::string_view cause = {};  // Drops and events.
};

// From the drivers' sources of Linux 6.1 to 6.12. A total of the device that the driver puts into
// rtnl_link_stats64 too (rx_missed_errors of e1000e) is not here: netstack_link_* has it. What is
// lost for want of a receive buffer and is in no field of rtnl_link_stats64 is a ring overrun.
std::span<const StatRow> IntelRows();
std::span<const StatRow> VirtualRows();
std::span<const StatRow> VendorRows();

// What a name means.
struct StatMeaning {
  const StatRow* row;
  std::optional<std::uint32_t> queue = {};  // Of the name; nothing for a device's total.
};

// True if there is a table for the driver: then names that are not in it are of no use here.
bool IsKnownDriver(std::string_view driver);
// nullopt for a name that the driver's table does not have.
std::optional<StatMeaning> MeaningOf(std::string_view driver, std::string_view name);

// The section that a name begins, for drivers that have sections: "Rx Queue#".
std::optional<Direction> SectionOf(std::string_view driver, std::string_view name);

// True for the names that a person would grep for: err, drop, over, miss, timeout, reset, restart,
// collis.
bool LooksLikeTrouble(std::string_view name);

// What becomes of a number where only the core is wanted.
enum class Worth : std::uint8_t {
  kShown,
  kPathOnly,  // The path families have it.
  kDetail,    // Left out.
};
// Of an event or a cause of drops.
Worth WorthOf(FamilyIndex family, std::string_view cause);

}  // namespace netstack::nic
