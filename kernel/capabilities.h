#pragma once

#include "kernel/result.h"

namespace netstack {

// Whether this thread may load programs into the kernel: CAP_BPF and CAP_PERFMON (Linux 5.8), or
// CAP_SYS_ADMIN, and not only within a user namespace.
bool MayLoadPrograms();

// What is not given up, as far as it was there.
struct KeptCapabilities {
  bool ports_and_files = false;      // To listen on low ports and to read files.
  bool namespaces = false;           // To look into other network namespaces.
  bool connection_tracking = false;  // To ask ctnetlink.
  bool maps = false;                 // To read what programs in the kernel have counted: CAP_BPF.
};

// Gives up every other capability of this thread, and of those it starts later, for good. To be
// called before other threads are started.
Status DropCapabilities(KeptCapabilities wanted);

}  // namespace netstack
