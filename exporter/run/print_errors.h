#pragma once

#include <span>

#include "kernel/error.h"

namespace netstack {

// Prints errors for a person to standard error, a line each. Returns the exit code for them.
int PrintErrors(std::span<const Error> errors);

}  // namespace netstack
