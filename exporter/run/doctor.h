#pragma once

#include "config/flags.h"

namespace netstack {

// The subcommand doctor: looks twice, at this host, a running exporter or two saved pages, and
// prints a report. Returns the exit code: 0 nothing wrong, 1 packets are lost, 2 could not look.
int Doctor(const CommandLine& line);

}  // namespace netstack
