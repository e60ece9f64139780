#pragma once

#include <array>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/options.h"

namespace netstack {

// What the policy has to know of a device.
struct DeviceTraits {
  std::string_view name;
  std::string_view kind = {};  // IFLA_INFO_KIND: "veth", "bridge", "vlan"; empty for hardware.
  bool has_hardware_parent = false;
  bool is_loopback = false;
  bool peer_in_other_netns = false;  // IFLA_LINK_NETNSID is there: a container's port.
  bool on_local_device = false;      // IFLA_LINK names another device of this namespace.
};

// What becomes of a device's series.
enum class DeviceTreatment {
  kShown,    // Series of its own, counted on the path.
  kStacked,  // Series of its own, off the path: its packets are counted on the device below.
  kSummed,   // A container port: none of its own, summed into device="other" on the path.
  kOff,      // Excluded by a person.
};

// The one policy for all collectors: hardware is always shown, enslaved or not; container ports
// (veth, tap) are summed; devices on top of others are shown off the path; the rest is shown. A
// person's expressions say which are shown at all, and go before that.
class DevicePolicy {
 public:
  struct Rules {
    std::string include = {};  // Whole-name regex; empty: no rule. Excludes all others.
    std::string exclude = {};  // Whole-name regex; empty: no rule.
    std::vector<std::string> kinds_include = {};  // Kinds; empty: no rule. Excludes all others.
    std::vector<std::string> kinds_exclude = {};
    bool container_ports = false;  // True: veth and tap get series of their own.
    bool operator==(const Rules&) const = default;
  };

  DevicePolicy() = default;
  // The expressions have been checked; a bad one throws std::regex_error.
  explicit DevicePolicy(const Rules& rules);

  // A pure function of its argument, but slow where there are expressions: keep what it says.
  DeviceTreatment TreatmentOf(const DeviceTraits& device) const;

  const Rules& rules() const { return rules_; }

 private:
  bool IsOff(const DeviceTraits& device) const;
  bool IsAskedFor(const DeviceTraits& device) const;

  Rules rules_;
  std::optional<std::regex> include_;
  std::optional<std::regex> exclude_;
};

// The options by which one collector overrides the shared policy. A collector that has them puts
// these rows into its table.
inline constexpr auto kDeviceOptions = std::to_array<OptionSpec>({
    {.name = "device-include",
     .kind = OptionSpec::Kind::kRegex,
     .default_value = "",
     .help = "Devices this collector shows, by whole name; replaces the shared expressions."},
    {.name = "device-exclude",
     .kind = OptionSpec::Kind::kRegex,
     .default_value = "",
     .help = "Devices this collector leaves out, by whole name; replaces the shared expressions."},
    {.name = "container-ports",
     .kind = OptionSpec::Kind::kWord,
     .default_value = "shared",
     .help = "Whether veth, tap and other container ports have series of their own, or are summed.",
     .words = "shared|shown|summed"},
});

// The shared policy with what the options override; they may lack that for container ports.
DevicePolicy DevicePolicyFor(const OptionValues& options, const DevicePolicy& shared);

}  // namespace netstack
