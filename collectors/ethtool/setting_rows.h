#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/family.h"
#include "model/stage.h"

namespace netstack::ethtool {

// One number of an ethtool reply, and what it governs.
struct SettingRow {
  std::uint8_t command;     // ETHTOOL_MSG_*_GET.
  std::uint16_t attribute;  // In its reply; the size of the number is the attribute's.
  Path path;
  Stage stage;
  std::string_view name;   // "ethtool.rings.rx"; the last part as `ethtool` takes it.
  std::string_view field;  // "current" or "max".
  std::string_view unit;   // As ethtool takes it: "descriptors", "microseconds", "boolean".
  Tier tier = Tier::kExtended;
};
std::span<const SettingRow> SettingRows();

// One offload that decides how many packets the stack sees, or what it has to compute.
struct FeatureRow {
  std::string_view feature;  // The kernel's name: "rx-gro".
  std::string_view name;     // "ethtool.features.rx-gro".
  Path path;
  Stage stage;
  bool is_detail = false;  // Shown on request only.
};
std::span<const FeatureRow> FeatureRows();

}  // namespace netstack::ethtool
