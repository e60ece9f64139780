#include "collectors/device_policy.h"

namespace netstack {
namespace {

std::optional<std::regex> Compiled(const std::string& expression) {
  if (expression.empty()) return std::nullopt;
  return std::regex(expression, std::regex::ECMAScript | std::regex::optimize);
}

bool Matches(const std::regex& expression, std::string_view name) {
  return std::regex_match(name.begin(), name.end(), expression);
}

bool IsContainerPort(const DeviceTraits& device) {
  if (device.has_hardware_parent || device.is_loopback) return false;
  return device.kind == "veth" || device.kind == "tun" || device.peer_in_other_netns;
}

}  // namespace

DevicePolicy::DevicePolicy(const Rules& rules)
    : include_(Compiled(rules.include)),
      exclude_(Compiled(rules.exclude)),
      container_ports_(rules.container_ports) {}

DeviceTreatment DevicePolicy::TreatmentOf(const DeviceTraits& device) const {
  if (exclude_ && Matches(*exclude_, device.name)) return DeviceTreatment::kOff;
  if (include_) {
    return Matches(*include_, device.name) ? DeviceTreatment::kShown : DeviceTreatment::kOff;
  }
  if (!container_ports_ && IsContainerPort(device)) return DeviceTreatment::kSummed;
  return DeviceTreatment::kShown;
}

}  // namespace netstack
