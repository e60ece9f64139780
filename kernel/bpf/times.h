#pragma once

#include <cstddef>

#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/source.h"

namespace netstack {

// Adds what one CPU has timed: nanoseconds.
inline void AddTimes(const netstack_times& times, BinnedValues& out) {
  for (std::size_t bin = 0; bin < out.bins.size(); ++bin) out.bins[bin] += times.bins[bin];
  out.sum += times.sum;
}

}  // namespace netstack
