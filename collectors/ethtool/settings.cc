#include "collectors/ethtool/settings.h"

#include <linux/ethtool_netlink.h>

#include <algorithm>
#include <cstring>

#include "kernel/netlink/attribute.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::ethtool {
namespace {

// All replies begin with it, whatever the command.
constexpr std::uint16_t kHeader = ETHTOOL_A_RINGS_HEADER;
constexpr std::uint32_t kMostQueues = 65'536;

Error Malformed(std::string_view device, std::string_view what) {
  return MalformedAt("netlink generic ethtool", 0, what, device);
}

// Calls `visit(attribute)` for each attribute until it fails.
template <class Visitor>
Status ForEach(std::span<const std::byte> bytes, std::string_view device, Visitor&& visit) {
  NetlinkAttributes attributes(bytes);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (Status status = visit(attribute); !status) return status;
  }
  if (attributes.malformed()) return Malformed(device, "an attribute does not fit, device");
  return {};
}

std::optional<std::uint64_t> NumberIn(const NetlinkAttribute& attribute) {
  switch (attribute.data.size()) {
    case sizeof(std::uint8_t):
      return attribute.U8();
    case sizeof(std::uint32_t):
    case sizeof(std::uint64_t):
      return attribute.Uint();
    default:
      return std::nullopt;
  }
}

// One bit of a bitset with names: its name, and whether it is set where that is told.
struct Bit {
  std::string_view name;
  bool has_value = false;
};

template <class Visitor>
Status ForEachBit(std::span<const std::byte> bitset, std::string_view device, Visitor&& visit) {
  const auto visit_bit = [&](const NetlinkAttribute& nest) -> Status {
    Bit bit;
    Status status = ForEach(nest.data, device, [&](const NetlinkAttribute& attribute) -> Status {
      if (attribute.type == ETHTOOL_A_BITSET_BIT_NAME) bit.name = attribute.Text();
      if (attribute.type == ETHTOOL_A_BITSET_BIT_VALUE) bit.has_value = true;
      return {};
    });
    if (status) visit(bit);
    return status;
  };
  return ForEach(bitset, device, [&](const NetlinkAttribute& attribute) -> Status {
    if (attribute.type != ETHTOOL_A_BITSET_BITS) return {};
    return ForEach(attribute.data, device, visit_bit);
  });
}

const FeatureRow* FindFeature(std::string_view name) {
  const auto rows = FeatureRows();
  const auto row = std::ranges::find(rows, name, &FeatureRow::feature);
  return row == rows.end() ? nullptr : &*row;
}

Status ParseIndirection(const NetlinkAttribute& attribute, std::string_view device, Settings& out) {
  if (attribute.data.size() % sizeof(std::uint32_t) != 0) {
    return Malformed(device, "a broken RSS table, device");
  }
  for (std::size_t at = 0; at < attribute.data.size(); at += sizeof(std::uint32_t)) {
    std::uint32_t queue = 0;
    std::memcpy(&queue, attribute.data.data() + at, sizeof queue);
    if (queue >= kMostQueues) return Malformed(device, "a queue out of range, device");
    if (queue >= out.rss_entries.size()) out.rss_entries.resize(queue + 1);
    ++out.rss_entries[queue];
  }
  return {};
}

}  // namespace

void Settings::Clear() {
  numbers.clear();
  features.clear();
  rss_entries.clear();
  moderation.clear();
  fec.Clear();
  driver = {};
}

void LiveCounters::Clear() {
  pause_received.reset();
  pause_sent.reset();
  link_down_events.reset();
  fec = {};
  standard.Clear();
}

Status ParseNumbers(std::uint8_t command, std::span<const std::byte> attributes,
                    std::string_view device, Settings& out) {
  return ForEach(attributes, device, [&](const NetlinkAttribute& attribute) -> Status {
    for (const SettingRow& row : SettingRows()) {
      if (row.command != command || row.attribute != attribute.type) continue;
      const std::optional<std::uint64_t> value = NumberIn(attribute);
      if (!value) return Malformed(device, "a number of a wrong size, device");
      // Two samples of one name would spoil the page, so that one that comes twice counts once.
      const auto known = std::ranges::find(out.numbers, &row, &Settings::Number::row);
      if (known == out.numbers.end()) out.numbers.push_back({.row = &row, .value = *value});
    }
    return {};
  });
}

Status ParseFeatures(std::span<const std::byte> attributes, std::string_view device,
                     Settings& out) {
  const std::size_t first = out.features.size();
  // The bitset of what can be changed names every feature that this kernel has.
  const auto know = [&](const Bit& bit) {
    const FeatureRow* const row = FindFeature(bit.name);
    const bool is_new =
        std::ranges::find(out.features, row, &Settings::Feature::row) == out.features.end();
    if (row != nullptr && is_new) out.features.push_back({row, false});
  };
  Status status = ForEach(attributes, device, [&](const NetlinkAttribute& attribute) -> Status {
    if (attribute.type != ETHTOOL_A_FEATURES_HW) return {};
    return ForEachBit(attribute.data, device, know);
  });
  if (!status) return status;
  // This one has no mask: it names what is on.
  const auto turn_on = [&](const Bit& bit) {
    for (std::size_t i = first; i < out.features.size(); ++i) {
      if (out.features[i].row->feature == bit.name) out.features[i].is_on = true;
    }
  };
  return ForEach(attributes, device, [&](const NetlinkAttribute& attribute) -> Status {
    if (attribute.type != ETHTOOL_A_FEATURES_ACTIVE) return {};
    return ForEachBit(attribute.data, device, turn_on);
  });
}

Status ParseRss(std::span<const std::byte> attributes, std::string_view device, Settings& out) {
  return ForEach(attributes, device, [&](const NetlinkAttribute& attribute) -> Status {
    if (attribute.type != nlabi::kEthtoolARssIndir) return {};
    return ParseIndirection(attribute, device, out);
  });
}

Status ParsePauseFrames(std::span<const std::byte> attributes, std::string_view device,
                        LiveCounters& out) {
  const auto visit_count = [&](const NetlinkAttribute& attribute) -> Status {
    if (attribute.type != ETHTOOL_A_PAUSE_STAT_TX_FRAMES &&
        attribute.type != ETHTOOL_A_PAUSE_STAT_RX_FRAMES) {
      return {};
    }
    const std::optional<std::uint64_t> value = attribute.U64();
    if (!value) return Malformed(device, "a short count of pause frames, device");
    const bool sent = attribute.type == ETHTOOL_A_PAUSE_STAT_TX_FRAMES;
    (sent ? out.pause_sent : out.pause_received) = value;
    return {};
  };
  return ForEach(attributes, device, [&](const NetlinkAttribute& attribute) -> Status {
    if (attribute.type != ETHTOOL_A_PAUSE_STATS) return {};
    return ForEach(attribute.data, device, visit_count);
  });
}

Status ParseLinkState(std::span<const std::byte> attributes, std::string_view device,
                      LiveCounters& out) {
  return ForEach(attributes, device, [&](const NetlinkAttribute& attribute) -> Status {
    if (attribute.type != nlabi::kEthtoolALinkstateExtDownCnt) return {};
    out.link_down_events = attribute.U32();
    if (!out.link_down_events) return Malformed(device, "a short count of link losses, device");
    return {};
  });
}

std::string_view DeviceOf(std::span<const std::byte> attributes) {
  NetlinkAttributes walk(attributes);
  NetlinkAttribute attribute;
  while (walk.Next(attribute)) {
    if (attribute.type != kHeader) continue;
    NetlinkAttributes header(attribute.data);
    NetlinkAttribute part;
    while (header.Next(part)) {
      if (part.type == ETHTOOL_A_HEADER_DEV_NAME) return part.Text();
    }
  }
  return {};
}

}  // namespace netstack::ethtool
