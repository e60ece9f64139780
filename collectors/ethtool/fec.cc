#include "collectors/ethtool/fec.h"

#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>

#include <algorithm>
#include <cctype>

#include "kernel/netlink/attribute.h"

namespace netstack::ethtool {
namespace {

Error Malformed(std::string_view device, std::string_view what) {
  return MalformedAt("netlink generic ethtool FEC", 0, what, device);
}

// The active mode comes as a bit of the link modes.
std::string_view NameOfMode(std::uint32_t bit) {
  switch (bit) {
    case ETHTOOL_LINK_MODE_FEC_NONE_BIT:
      return "off";
    case ETHTOOL_LINK_MODE_FEC_RS_BIT:
      return "rs";
    case ETHTOOL_LINK_MODE_FEC_BASER_BIT:
      return "baser";
    case ETHTOOL_LINK_MODE_FEC_LLRS_BIT:
      return "llrs";
    default:
      return "unknown";
  }
}

void AddMode(std::string_view kernel_name, std::string& modes) {
  std::string name(kernel_name == "None" ? "off" : kernel_name);
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool is_word = std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c); });
  if (name.empty() || !is_word) return;
  if (!modes.empty()) modes += ',';
  modes += name;
}

// The names of the bits that are set, of a bitset without a mask.
bool AddModes(std::span<const std::byte> bitset, std::string& modes) {
  NetlinkAttributes parts(bitset);
  NetlinkAttribute part;
  while (parts.Next(part)) {
    if (part.type != ETHTOOL_A_BITSET_BITS) continue;
    NetlinkAttributes bits(part.data);
    NetlinkAttribute bit;
    while (bits.Next(bit)) {
      NetlinkAttributes words(bit.data);
      NetlinkAttribute word;
      while (words.Next(word)) {
        if (word.type == ETHTOOL_A_BITSET_BIT_NAME) AddMode(word.Text(), modes);
      }
      if (words.malformed()) return false;
    }
    if (bits.malformed()) return false;
  }
  return !parts.malformed();
}

// Each is an array: the total, then the lanes.
bool AddCounters(std::span<const std::byte> nest, FecCounters& counters) {
  NetlinkAttributes attributes(nest);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.data.empty()) continue;
    std::optional<std::uint64_t>* counter = nullptr;
    if (attribute.type == ETHTOOL_A_FEC_STAT_CORRECTED) counter = &counters.corrected_blocks;
    if (attribute.type == ETHTOOL_A_FEC_STAT_UNCORR) counter = &counters.uncorrectable_blocks;
    if (attribute.type == ETHTOOL_A_FEC_STAT_CORR_BITS) counter = &counters.corrected_bits;
    if (counter == nullptr) continue;
    *counter = attribute.U64();
    if (!*counter) return false;
  }
  return !attributes.malformed();
}

}  // namespace

void FecSettings::Clear() {
  active.clear();
  configured.clear();
}

Status ParseFec(std::span<const std::byte> attributes, std::string_view device,
                FecSettings& settings, FecCounters& counters) {
  NetlinkAttributes walk(attributes);
  NetlinkAttribute attribute;
  bool is_good = true;
  while (walk.Next(attribute)) {
    switch (attribute.type) {
      case ETHTOOL_A_FEC_MODES:
        is_good = is_good && AddModes(attribute.data, settings.configured);
        break;
      case ETHTOOL_A_FEC_AUTO:
        if (attribute.U8().value_or(0) != 0) AddMode("auto", settings.configured);
        break;
      case ETHTOOL_A_FEC_ACTIVE:
        if (const auto bit = attribute.U32()) settings.active = NameOfMode(*bit);
        break;
      case ETHTOOL_A_FEC_STATS:
        is_good = is_good && AddCounters(attribute.data, counters);
        break;
      default:
        break;
    }
  }
  if (!is_good || walk.malformed()) return Malformed(device, "an attribute does not fit, device");
  return {};
}

}  // namespace netstack::ethtool
