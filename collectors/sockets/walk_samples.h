#pragma once

#include "collectors/sockets/walk_result.h"
#include "model/samples.h"

namespace netstack::sockets {

// Adds what a walk found to samples of kFamilies: all but how old and how whole it is.
void AddResult(const WalkResult& result, Samples& out);

}  // namespace netstack::sockets
