#pragma once

#include "kernel/error.h"

namespace netstack {

// Whether nothing went wrong: the kernel, the driver or the device only has no such thing.
inline bool IsMissing(const Error& error) {
  return error.kind == ErrorKind::kAbsent || error.kind == ErrorKind::kUnsupported;
}

}  // namespace netstack
