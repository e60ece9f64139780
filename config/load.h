#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/draft.h"
#include "kernel/error.h"

namespace netstack {

// A value that a flag gave. Assignments are kept as they were written, so that the file can be read
// again (SIGHUP, reload) and the flags still win.
struct Assignment {
  std::string flag;                 // As written, for errors: "--collector.link.max-series".
  std::string collector;            // Empty: a setting.
  std::string name;                 // Flag of the setting, or name of the collector's option.
  std::vector<std::string> values;  // One, or the items of a list.
};

// What the command line says about the configuration.
struct ConfigSources {
  std::string file = {};  // --config.file; empty: none.
  bool disable_defaults = false;
  std::vector<Assignment> assignments = {};
};

// Defaults, then the file, then --collector.disable-defaults, then the other flags. Returns every
// error found; `config` is written only when there is none.
std::vector<Error> LoadConfig(CollectorList collectors, const ConfigSources& sources,
                              Config& config);

}  // namespace netstack
