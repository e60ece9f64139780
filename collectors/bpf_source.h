#pragma once

#include "collectors/collector.h"
#include "kernel/bpf/source.h"

namespace netstack {

// The outcome of a collector whose programs are not at work in the kernel. That is not its fault:
// netstack_bpf_program_state says why. Short words, so that nothing is allocated in every round.
inline Outcome NoPrograms() {
  return Outcome::FromError({.kind = ErrorKind::kAbsent, .path = "eBPF", .what = "not loaded"});
}

}  // namespace netstack
