#pragma once

#include "kernel/result.h"

namespace netstack {

// Whether this thread may load programs into the kernel: CAP_BPF and CAP_PERFMON (Linux 5.8), or
// CAP_SYS_ADMIN, and not only within a user namespace.
bool MayLoadPrograms();

// What is not given up, as far as it was there.
struct KeptCapabilities {
  bool namespaces = false;           // To look into other network namespaces.
  bool connection_tracking = false;  // To ask ctnetlink.
};

// Gives up every capability of this thread, and of those it starts later, for good: but those to
// listen on low ports and to read files, and what `wanted` says. To be called before other threads
// are started.
Status DropCapabilities(KeptCapabilities wanted);

}  // namespace netstack
