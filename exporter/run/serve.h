#pragma once

#include "config/flags.h"

namespace netstack {

// Serves until SIGTERM or SIGINT; SIGHUP loads the configuration again. Returns the exit code.
int Serve(const CommandLine& line);

}  // namespace netstack
