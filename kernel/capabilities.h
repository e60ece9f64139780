#pragma once

#include "kernel/result.h"

namespace netstack {

// Whether this thread may load programs into the kernel: CAP_BPF and CAP_PERFMON (Linux 5.8), or
// CAP_SYS_ADMIN, and not only within a user namespace.
bool MayLoadPrograms();

// Gives up every capability of this thread, and of those it starts later, for good: but those to
// listen on low ports and to read files, and, when `keep_namespaces`, those to look into other
// network namespaces, as far as they were there. To be called before other threads are started.
Status DropCapabilities(bool keep_namespaces);

}  // namespace netstack
