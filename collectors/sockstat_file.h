#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "kernel/result.h"

namespace netstack {

// /proc/net/sockstat, or sockstat6, whose names end in 6 and which has only the inuse numbers and
// frag_memory. What a kernel does not print is missing: UDP-Lite is gone in Linux 7.3.
struct Sockstat {
  using Value = std::optional<std::uint64_t>;
  Value sockets_used = {};
  Value tcp_inuse = {};
  Value tcp_orphan = {};     // Of the whole host.
  Value tcp_time_wait = {};  // Of the network namespace.
  Value tcp_allocated = {};  // Of the whole host.
  Value tcp_memory = {};     // Pages, of the whole host.
  Value udp_inuse = {};
  Value udp_memory = {};  // Pages, of the whole host.
  Value udp_lite_inuse = {};
  Value raw_inuse = {};
  Value frag_inuse = {};
  Value frag_memory = {};  // Bytes.
  bool operator==(const Sockstat&) const = default;
};

// Parses either file by its names; those it does not know are left out. `path` is for errors.
// After an error the content of `out` is unspecified.
Status ParseSockstat(std::string_view text, std::string_view path, Sockstat& out);

}  // namespace netstack
