#pragma once

#include <array>

#include "model/family.h"

namespace netstack::process {

// The names that every Prometheus client library uses; they describe the exporter itself.
inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "process_cpu_seconds_total",
     .type = MetricType::kCounter,
     .help = "CPU time of the exporter, user and system, in seconds.",
     .source = "/proc/self/stat fields 14 and 15"},
    {.name = "process_open_fds",
     .help = "Open file descriptors of the exporter.",
     .source = "/proc/self/fd",
     .reading = "Some 150 of them are the settings below /proc/sys, which stay open."},
    {.name = "process_max_fds",
     .help = "Open file descriptors that the exporter may have at most.",
     .source = "/proc/self/limits row Max open files, soft; absent when unlimited"},
    {.name = "process_virtual_memory_bytes",
     .help = "Address space of the exporter in bytes.",
     .source = "/proc/self/stat field 23"},
    {.name = "process_virtual_memory_max_bytes",
     .help = "Address space that the exporter may have at most, in bytes.",
     .source = "/proc/self/limits row Max address space, soft; absent when unlimited"},
    {.name = "process_resident_memory_bytes",
     .help = "Memory of the exporter that is resident, in bytes.",
     .source = "/proc/self/stat field 24"},
    {.name = "process_start_time_seconds",
     .help = "When the exporter started, in seconds since 1970.",
     .source = "/proc/self/stat field 22 after /proc/stat row btime"},
    {.name = "process_threads",
     .help = "Threads of the exporter.",
     .source = "/proc/self/stat field 20"},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table, for the collector.
enum FamilyIndex : std::size_t {
  kCpuSeconds,
  kOpenFds,
  kMaxFds,
  kVirtualMemory,
  kVirtualMemoryMax,
  kResidentMemory,
  kStartTime,
  kThreads,
};
static_assert(kFamilies[kThreads].name == "process_threads");

}  // namespace netstack::process
