#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/ethtool/fec.h"
#include "collectors/ethtool/moderation.h"
#include "collectors/ethtool/setting_rows.h"
#include "collectors/ethtool/standard_stats.h"
#include "kernel/driver_info.h"
#include "kernel/result.h"

namespace netstack::ethtool {

// The settings of one device. What a driver does not tell is not there.
struct Settings {
  struct Number {
    const SettingRow* row;
    std::uint64_t value;
    bool operator==(const Number&) const = default;
  };
  struct Feature {
    const FeatureRow* row;
    bool is_on;
    bool operator==(const Feature&) const = default;
  };
  std::vector<Number> numbers;
  std::vector<Feature> features;
  // Entries of the RSS table by receive queue; empty when there is none.
  std::vector<std::uint32_t> rss_entries;
  std::vector<ModerationLevel> moderation;
  FecSettings fec;
  DriverInfo driver;
  void Clear();
  bool operator==(const Settings&) const = default;
};

// Counters that come with the settings' replies and are asked for in each round.
struct LiveCounters {
  std::optional<std::uint64_t> pause_received = {};
  std::optional<std::uint64_t> pause_sent = {};
  std::optional<std::uint64_t> link_down_events = {};
  FecCounters fec = {};
  StandardStats standard = {};
  // Keeps the memory.
  void Clear();
  bool operator==(const LiveCounters&) const = default;
};

// Each adds to `out` what a reply tells; `attributes` is what follows the generic header.
// kMalformed when an attribute does not fit or has the wrong size; `device` is for the error.

// Replies with plain numbers: rings, channels, coalescing, pause.
Status ParseNumbers(std::uint8_t command, std::span<const std::byte> attributes,
                    std::string_view device, Settings& out);
// ETHTOOL_MSG_FEATURES_GET with names (no ETHTOOL_FLAG_COMPACT_BITSETS).
Status ParseFeatures(std::span<const std::byte> attributes, std::string_view device, Settings& out);
// ETHTOOL_MSG_RSS_GET.
Status ParseRss(std::span<const std::byte> attributes, std::string_view device, Settings& out);
// ETHTOOL_MSG_PAUSE_GET with ETHTOOL_FLAG_STATS.
Status ParsePauseFrames(std::span<const std::byte> attributes, std::string_view device,
                        LiveCounters& out);
// ETHTOOL_MSG_LINKSTATE_GET.
Status ParseLinkState(std::span<const std::byte> attributes, std::string_view device,
                      LiveCounters& out);

// The device that a reply or notification is about; empty if it does not say.
std::string_view DeviceOf(std::span<const std::byte> attributes);

}  // namespace netstack::ethtool
