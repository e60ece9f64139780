#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack::xfrm {

// A line of /proc/net/xfrm_stat.
struct Counter {
  std::string name = {};  // As the kernel has it.
  enum class Direction : std::uint8_t { kReceive, kTransmit, kAcquire, kOther };
  Direction direction = Direction::kOther;
  std::string cause = {};  // "state_seq_error"; forwarding's begin with "fwd_".
  std::uint64_t value = 0;
  bool operator==(const Counter&) const = default;
};

struct XfrmStat {
  std::vector<Counter> counters;  // In the file's order.
  bool operator==(const XfrmStat&) const = default;
};

// Parses /proc/net/xfrm_stat: a name and a number on each line. Kernels add names; one that does
// not begin as all do is kept as kOther; a line that comes twice is an error. `out` keeps its
// memory; after an error its content is unspecified.
Status ParseXfrmStat(std::string_view text, XfrmStat& out);

}  // namespace netstack::xfrm
