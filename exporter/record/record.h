#pragma once

#include "config/flags.h"

namespace netstack {

// The subcommand record: writes the queues of TCP connections over time, until SIGINT, SIGTERM or
// the end of --duration. Returns the exit code.
int Record(const CommandLine& line);

}  // namespace netstack
