#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "model/stage.h"

namespace netstack {

// What kind of loss a cause is. Alerts and the doctor look at kLoss.
enum class Class : std::uint8_t {
  kNone,    // Not a drop.
  kLoss,    // No room, no memory, no time.
  kError,   // Damaged or malformed.
  kPolicy,  // A rule, a filter, nobody listening, duplicate data.
};
std::string_view Slug(Class value);

// Whose number a row is, and which devices a term counts.
enum class Per : std::uint8_t {
  kHost,      // All samples together.
  kDevice,    // Each device its own; container ports together as "other".
  kHardware,  // Only devices with a driver of their own.
  // Those, and tun and tap devices, whose packets wait for a program; container ports as "other".
  kHardwareOrTunnel,
  // Only devices with a driver whose packets cannot be in a CPU's backlog: NAPI, and no RPS.
  kNeverInBacklog,
  kVeth,            // veth devices, and what others there are without a row of their own.
  kXdpInRxDropped,  // Devices whose driver has what an XDP program drops in rx_dropped as well.
  kXdpNotCounted,   // Devices whose driver runs XDP programs and counts nowhere what they drop.
};

// One counter that a row reads: a family, or those of its samples whose `label` is `value`.
struct Term {
  std::string_view family = {};
  std::string_view label = {};
  std::string_view value = {};
  // And whose label of this name has that value.
  std::string_view second_label = {};
  std::string_view second_value = {};
  Per per = Per::kDevice;  // Of which devices, where the row has a number for each.
  // Where a device has no sample of the term, these count for it, added up; or nullptr.
  const struct OtherSource* otherwise = nullptr;
};
struct OtherSource {
  std::array<Term, 3> terms;  // Unused ones are empty.
};
using Terms = std::array<Term, 8>;  // Unused ones are empty.

enum class Kind : std::uint8_t { kFlow, kDrop, kPressure };

// One row of the ledger: a number of netstack_path_{packets,drops,pressure}_total. Its value is
// `plus` less `minus`. No counter is in the plus of two drop rows that a device can have, so no
// packet is counted twice.
struct CountRow {
  Kind kind;
  Path path;
  Stage stage;
  Class cls = Class::kNone;     // Drops only.
  std::string_view cause = {};  // Drops and pressure.
  Terms plus = {};
  Terms minus = {};
  Per per = Per::kHost;
  std::string_view says;  // One sentence for people: what happened to the packet.
  // Losses by device: why a device with hardware has no number. Empty: that is no blindness.
  std::string_view without = "driver";
  // What `minus` has and `plus` has not: taken off it.
  Terms back = {};
  // If there is such a term: only devices that have a sample of it, or only those that have none.
  // The others, taken together, have it if one of them has.
  Term where = {};
  bool is_where_absent = false;
  bool is_where_above_zero = false;  // A sample of 0 is none.
  // What `minus` leaves says something only where its collectors were read.
  bool is_rest = false;
};
std::span<const CountRow> ReceiveRows();
std::span<const CountRow> TransmitRows();

// Depth over limit of the worst member. The first of `depth` that has samples counts.
struct SaturationRow {
  Path path;
  Stage stage;
  std::string_view resource;
  Terms depth;
  Term limit = {};       // Empty: the depths are ratios already; the worst counts.
  bool is_peak = false;  // Of the time between scrapes, in a family of its own.
};
std::span<const SaturationRow> SaturationRows();

// Time spent in a stage: histograms of one shape, added up.
struct WaitRow {
  Path path;
  Stage stage;
  Term histogram;
};
std::span<const WaitRow> WaitRows();

// A loss that nothing here can show: the stage's sources are missing.
struct BlindRow {
  Path path;
  Stage stage;
  std::string_view reason;
  std::string_view says;  // What cannot be seen, and what would show it.
  // What takes the blindness away when it has samples, or changes its reason.
  Term unless = {};
  std::string_view otherwise = {};
  // What takes it away whatever else there is.
  Term cure = {};
  // Not kHost: those of the devices with hardware of which it is true.
  Per per = Per::kHost;
};
std::span<const BlindRow> BlindRows();

}  // namespace netstack
