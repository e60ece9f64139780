#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace netstack {

// A configuration while the front ends write it: it starts from the defaults, takes values as
// people write them, and checks each against its row. The last one to set a value wins.
class ConfigDraft {
 public:
  // The declarations must outlive the draft and what it builds.
  explicit ConfigDraft(CollectorList collectors);

  CollectorList collectors() const { return collectors_; }
  // The row of a collector's option, be it its own or one that every collector has; null: none.
  static const OptionSpec* FindCollectorOption(const CollectorDeclaration& collector,
                                               std::string_view name);

  // Sets what a row of Settings() names by its flag. Lists take all values, the others exactly
  // one. Returns an empty string, or what is wrong; then nothing has changed.
  std::string SetSetting(std::string_view flag, std::span<const std::string> values);
  std::string SetCollectorOption(std::string_view collector, std::string_view name,
                                 std::span<const std::string> values);
  void DisableAllCollectors();

  Config Build() const;

 private:
  struct CollectorDraft {
    OptionValues common;  // Of CollectorSettings().
    OptionValues own;
  };

  CollectorList collectors_;
  OptionValues settings_;
  std::map<std::string, CollectorDraft, std::less<>> collector_values_;
};

// What holds when nobody says anything.
Config DefaultConfig(CollectorList collectors);

// What is wrong with settings that are right one by one, such as include and exclude both set.
std::vector<std::string> Contradictions(const Config& config);

}  // namespace netstack
