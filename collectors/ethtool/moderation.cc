#include "collectors/ethtool/moderation.h"

#include <algorithm>

#include "kernel/netlink/attribute.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::ethtool {
namespace {

// The kernel has five.
constexpr std::uint32_t kMostLevels = 64;

bool ParseLevel(std::span<const std::byte> nest, ModerationLevel& level) {
  NetlinkAttributes attributes(nest);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    std::optional<std::uint64_t>* place = nullptr;
    if (attribute.type == nlabi::kEthtoolAIrqModerationUsec) place = &level.microseconds;
    if (attribute.type == nlabi::kEthtoolAIrqModerationPkts) place = &level.packets;
    if (attribute.type == nlabi::kEthtoolAIrqModerationComps) place = &level.completions;
    if (place == nullptr) continue;
    *place = attribute.U32();
    if (!*place) return false;
  }
  return !attributes.malformed();
}

bool ParseProfile(std::span<const std::byte> nest, bool is_transmit,
                  std::vector<ModerationLevel>& out) {
  NetlinkAttributes levels(nest);
  NetlinkAttribute attribute;
  std::uint32_t number = 0;
  while (levels.Next(attribute)) {
    if (attribute.type != nlabi::kEthtoolAProfileIrqModeration) continue;
    if (number == kMostLevels) return false;
    ModerationLevel level = {.is_transmit = is_transmit, .level = number++};
    if (!ParseLevel(attribute.data, level)) return false;
    out.push_back(level);
  }
  return !levels.malformed();
}

}  // namespace

Status ParseModeration(std::span<const std::byte> attributes, std::string_view device,
                       std::vector<ModerationLevel>& out) {
  NetlinkAttributes walk(attributes);
  NetlinkAttribute attribute;
  while (walk.Next(attribute)) {
    const bool is_transmit = attribute.type == nlabi::kEthtoolACoalesceTxProfile;
    if (!is_transmit && attribute.type != nlabi::kEthtoolACoalesceRxProfile) continue;
    // Two samples of one name would spoil the page: of a profile that comes twice the first counts.
    const bool is_known =
        std::ranges::find(out, is_transmit, &ModerationLevel::is_transmit) != out.end();
    if (is_known || ParseProfile(attribute.data, is_transmit, out)) continue;
    return MalformedAt("netlink generic ethtool", 0, "a broken moderation profile, device", device);
  }
  return {};
}

}  // namespace netstack::ethtool
