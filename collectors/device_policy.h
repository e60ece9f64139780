#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>

#include "collectors/options.h"

namespace netstack {

// What the policy has to know of a device.
struct DeviceTraits {
  std::string_view name;
  std::string_view kind;  // IFLA_INFO_KIND: "veth", "bridge", "vlan"; empty for hardware.
  bool has_hardware_parent = false;
  bool is_loopback = false;
  bool peer_in_other_netns = false;  // IFLA_LINK_NETNSID is there: a container's port.
};

// What becomes of a device's series.
enum class DeviceTreatment {
  kShown,   // Series of its own.
  kSummed,  // A container port: none of its own, summed into device="other" on the path.
  kOff,     // Excluded by a person.
};

// The one policy for all collectors: hardware is always shown, container ports (veth, tap) are
// summed, the rest is shown; a person's expressions go before that.
class DevicePolicy {
 public:
  struct Rules {
    std::string include;           // Whole-name regex; empty: no rule. Excludes all others.
    std::string exclude;           // Whole-name regex; empty: no rule.
    bool container_ports = false;  // True: veth and tap get series of their own.
    bool operator==(const Rules&) const = default;
  };

  DevicePolicy() = default;
  explicit DevicePolicy(const Rules& rules);

  DeviceTreatment TreatmentOf(const DeviceTraits& device) const;

 private:
  std::optional<std::regex> include_;
  std::optional<std::regex> exclude_;
  bool container_ports_ = false;
};

}  // namespace netstack
