#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/config.h"

namespace netstack {

// One setting that is not a collector's. A new setting is a member of Config and a row in
// settings.cc; both front ends, --help and the commented default file follow from the row.
struct Setting {
  OptionSpec spec;        // `name` is the flag without its dashes.
  std::string_view yaml;  // Section and key in the file: "web.listen-address".
  void (*assign)(const OptionValues& values, std::string_view name, Config& config) = nullptr;
  // Says what is wrong with a text or list item that has the right kind; empty: nothing. May be
  // null.
  std::string (*check)(std::string_view value) = nullptr;
};

std::span<const Setting> Settings();
std::span<const OptionSpec> SettingSpecs();  // Of Settings(), in the same order.

// What every collector can be told: enabled and max-series.
struct CollectorSetting {
  OptionSpec spec;
  void (*assign)(const OptionValues& values, std::string_view name,
                 CollectorConfig& config) = nullptr;
  // The default where it is the collector's to say; null: that of `spec`.
  std::string_view (*default_of)(const CollectorDeclaration& collector) = nullptr;
};

// As a person would write it.
std::string_view DefaultOf(const CollectorSetting& row, const CollectorDeclaration& collector);

std::span<const CollectorSetting> CollectorSettings();
std::span<const OptionSpec> CollectorSettingSpecs();

// A section of the file, with what stands above it there.
struct Section {
  std::string_view name;
  std::string_view help;
};

std::span<const Section> Sections();

}  // namespace netstack
