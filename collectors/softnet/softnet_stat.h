#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack::softnet {

// One line of softnet_stat. All counters are 32 bits wide in the kernel and wrap.
struct CpuSoftnet {
  std::uint32_t cpu = 0;
  std::uint32_t processed = 0;  // skbs, once more for each stacked device.
  std::uint32_t dropped = 0;    // Includes flow_limit.
  std::uint32_t time_squeeze = 0;
  std::uint32_t received_rps = 0;                   // Inter-processor interrupts, not packets.
  std::optional<std::uint32_t> flow_limit = {};     // Linux 3.11.
  std::optional<std::uint32_t> backlog = {};        // Linux 5.10: input and process queue.
  std::optional<std::uint32_t> input_queue = {};    // After Linux 6.1.
  std::optional<std::uint32_t> process_queue = {};  // After Linux 6.1.
  bool operator==(const CpuSoftnet&) const = default;
};

// One entry for each online CPU, in the file's order.
struct SoftnetStat {
  std::vector<CpuSoftnet> cpus;
  bool operator==(const SoftnetStat&) const = default;
};

// Parses /proc/net/softnet_stat of any kernel: 9, 10, 11, 13 or 15 columns, and more in future
// ones. Where the CPU's number is missing (before 5.10) `online` gives it by line; without that the
// line number stands for it. `out` keeps its capacity; after an error its content is unspecified.
Status ParseSoftnetStat(std::string_view text, std::string_view online, SoftnetStat& out);

}  // namespace netstack::softnet
