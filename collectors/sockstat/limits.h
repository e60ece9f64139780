#pragma once

#include <cstdint>
#include <string_view>

#include "kernel/result.h"

namespace netstack::sockstat {

// net.ipv4.tcp_mem or udp_mem: pages, for the whole host.
struct MemoryLimits {
  std::uint64_t min = 0;       // Below it nothing is regulated.
  std::uint64_t pressure = 0;  // Above it buffers stop growing.
  std::uint64_t max = 0;       // Above it nothing more is taken.
  bool operator==(const MemoryLimits&) const = default;
};

// Parses the three numbers of tcp_mem or udp_mem. `path` is for errors.
Status ParseMemoryLimits(std::string_view text, std::string_view path, MemoryLimits& out);

// Parses a sysctl that is one number which is not below zero.
Status ParseLimit(std::string_view text, std::string_view path, std::uint64_t& out);

}  // namespace netstack::sockstat
