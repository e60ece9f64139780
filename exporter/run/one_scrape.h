#pragma once

#include "config/flags.h"

namespace netstack {

// The subcommand metrics: collects once and prints the page to standard output. Returns the exit
// code.
int PrintMetrics(const CommandLine& line);

}  // namespace netstack
