#pragma once

#include <chrono>

namespace netstack {

// How long the running kernel's tick (a jiffy, 1/CONFIG_HZ s) is: the unit of the numbers that the
// kernel gives without turning them into time. Zero if it cannot be told. Source: the resolution of
// CLOCK_MONOTONIC_COARSE, which advances by ticks.
std::chrono::nanoseconds KernelTick();

}  // namespace netstack
