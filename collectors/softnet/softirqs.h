#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack::softnet {

// The two network rows of /proc/softirqs. Counters are 32 bits wide in the kernel and wrap.
struct Softirqs {
  struct PerCpu {
    std::uint32_t cpu = 0;
    std::uint32_t net_tx = 0;
    std::uint32_t net_rx = 0;
    bool operator==(const PerCpu&) const = default;
  };
  std::vector<PerCpu> cpus;  // Every possible CPU of the header, in its order.
  bool operator==(const Softirqs&) const = default;
};

// Parses /proc/softirqs. Rows are found by name, columns by the header's CPU numbers.
// `out` keeps its capacity; after an error its content is unspecified.
Status ParseSoftirqs(std::string_view text, Softirqs& out);

}  // namespace netstack::softnet
