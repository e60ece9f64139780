#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collectors/offenders.h"
#include "collectors/sockets/quantities.h"
#include "collectors/sockets/socket_groups.h"
#include "collectors/sockets/syn_queues.h"
#include "kernel/error.h"

namespace netstack::sockets {

// What a walk over all TCP sockets found. A copy over an older one keeps its memory.
struct WalkResult {
  struct Group {
    std::string name;
    GroupSums sums;
  };

  std::uint64_t sockets = 0;
  bool truncated = false;       // The budget was spent before all were seen.
  std::uint64_t malformed = 0;  // Messages that could not be understood.
  // The first thing that was wrong, of messages or of groups.
  std::optional<Error> first_error = {};
  double seconds = 0;
  // By IP version (0 for 4, 1 for 6) and state.
  std::array<std::array<std::uint64_t, kTcpStates>, 2> states = {};
  Quantities quantities = {};
  // Microseconds over the lives of all connections.
  std::uint64_t busy_us = 0;
  std::uint64_t receive_window_limited_us = 0;
  std::uint64_t send_buffer_limited_us = 0;
  std::vector<SynQueue> syn_queues = {};
  std::vector<Group> groups = {};
  std::vector<Quantities> group_quantities = {};  // By group; empty unless asked for.
};

}  // namespace netstack::sockets
