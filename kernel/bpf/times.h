#pragma once

#include <cstddef>

#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/source.h"

namespace netstack {

// Adds what one CPU has timed: nanoseconds.
inline void AddTimes(const __u64 (&bins)[NETSTACK_TIME_BINS], __u64 sum, BinnedValues& out) {
  for (std::size_t bin = 0; bin < out.bins.size(); ++bin) out.bins[bin] += bins[bin];
  out.sum += sum;
}
inline void AddTimes(const netstack_times& times, BinnedValues& out) {
  AddTimes(times.bins, times.sum, out);
}

}  // namespace netstack
