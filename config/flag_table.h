#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/flags.h"

namespace netstack {

// One flag, as the parser and the help know it.
struct Flag {
  std::string name;  // Without dashes.
  OptionSpec spec;
  std::string default_value;
  std::function<void(CommandLine& line, std::vector<std::string> values)> apply;
};

// The flags that hold for every subcommand, in the order of the help: --config.file, the settings,
// the collectors and their options.
std::vector<Flag> CommonFlags(CollectorList collectors);

}  // namespace netstack
