#include "collectors/device_policy.h"

#include <algorithm>

namespace netstack {
namespace {

std::optional<std::regex> Compiled(const std::string& expression) {
  if (expression.empty()) return std::nullopt;
  return std::regex(expression, std::regex::ECMAScript | std::regex::optimize);
}

bool Matches(const std::regex& expression, std::string_view name) {
  return std::regex_match(name.begin(), name.end(), expression);
}

bool Contains(std::span<const std::string> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Kinds whose packets are counted on a device below as well, though IFLA_LINK may not name it: a
// bridge and a bond have several, a tunnel finds its own by routing.
constexpr auto kStackedKinds = std::to_array<std::string_view>(
    {"amt",     "bareudp",     "batadv", "bond",   "bridge",    "erspan", "geneve",
     "gre",     "gretap",      "gtp",    "hsr",    "ifb",       "ip6gre", "ip6gretap",
     "ip6tnl",  "ipip",        "ipvlan", "ipvtap", "l2tp",      "macsec", "macvlan",
     "macvtap", "openvswitch", "ovpn",   "pfcp",   "sit",       "team",   "vlan",
     "vrf",     "vti",         "vti6",   "vxlan",  "wireguard", "xfrm",   "ip6erspan"});

bool IsContainerPort(const DeviceTraits& device) {
  if (device.has_hardware_parent || device.is_loopback) return false;
  return device.kind == "veth" || device.kind == "tun" || device.kind == "netkit" ||
         device.peer_in_other_netns;
}

bool IsStacked(const DeviceTraits& device) {
  if (device.has_hardware_parent || device.is_loopback || IsContainerPort(device)) return false;
  return device.on_local_device ||
         std::find(kStackedKinds.begin(), kStackedKinds.end(), device.kind) != kStackedKinds.end();
}

}  // namespace

DevicePolicy::DevicePolicy(const Rules& rules)
    : rules_(rules), include_(Compiled(rules.include)), exclude_(Compiled(rules.exclude)) {}

bool DevicePolicy::IsOff(const DeviceTraits& device) const {
  if (exclude_ && Matches(*exclude_, device.name)) return true;
  return Contains(rules_.kinds_exclude, device.kind);
}

bool DevicePolicy::IsAskedFor(const DeviceTraits& device) const {
  return (include_ && Matches(*include_, device.name)) ||
         Contains(rules_.kinds_include, device.kind);
}

DeviceTreatment DevicePolicy::TreatmentOf(const DeviceTraits& device) const {
  const bool selective = include_ || !rules_.kinds_include.empty();
  const bool asked_for = IsAskedFor(device);
  if (IsOff(device) || (selective && !asked_for)) return DeviceTreatment::kOff;
  if (IsStacked(device)) return DeviceTreatment::kStacked;
  if (IsContainerPort(device) && !rules_.container_ports && !asked_for) {
    return DeviceTreatment::kSummed;
  }
  return DeviceTreatment::kShown;
}

DevicePolicy DevicePolicyFor(const OptionValues& options, const DevicePolicy& shared) {
  DevicePolicy::Rules rules = shared.rules();
  const std::string& include = options.Text("device-include");
  const std::string& exclude = options.Text("device-exclude");
  if (!include.empty() || !exclude.empty()) {
    rules.include = include;
    rules.exclude = exclude;
  }
  if (FindOption(options.specs(), "container-ports") != nullptr) {
    const std::string& ports = options.Text("container-ports");
    if (ports != "shared") rules.container_ports = ports == "shown";
  }
  return DevicePolicy(rules);
}

}  // namespace netstack
