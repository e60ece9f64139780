#include "kernel/tick.h"

#include <time.h>

namespace netstack {

std::chrono::nanoseconds KernelTick() {
  timespec resolution = {};
  if (clock_getres(CLOCK_MONOTONIC_COARSE, &resolution) != 0) return {};
  return std::chrono::seconds(resolution.tv_sec) + std::chrono::nanoseconds(resolution.tv_nsec);
}

}  // namespace netstack
