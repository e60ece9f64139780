#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack::irq {

// /proc/interrupts: the numbered rows. Text points into the text that was parsed.
struct Interrupts {
  struct Row {
    std::uint32_t irq = 0;
    std::string_view actions = {};  // Names of those who handle it, separated by ", ".
    std::size_t first_count = 0;    // Position in `counts`; one for each of `cpus`.
  };
  std::vector<std::uint32_t> cpus;  // Those online, in the columns' order.
  std::vector<Row> rows;
  std::vector<std::uint64_t> counts;  // u32 in the kernel.
};

// `out` is overwritten and keeps its memory. kMalformed when the head is none, when a row has fewer
// numbers than the head has CPUs, or when rows are not in the order of their numbers.
Status ParseInterrupts(std::string_view text, std::string_view path, Interrupts& out);

}  // namespace netstack::irq
