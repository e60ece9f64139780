#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "kernel/result.h"

namespace netstack::neighbour {

// One neighbour table as RTM_NEWNEIGHTBL tells it: all network namespaces together.
struct Table {
  std::uint8_t family = 0;  // AF_INET, AF_INET6.
  std::optional<std::uint32_t> threshold1 = {};
  std::optional<std::uint32_t> threshold2 = {};
  std::optional<std::uint32_t> threshold3 = {};
  std::optional<std::uint32_t> entries = {};
  // struct ndt_stats.
  struct Stats {
    std::uint64_t allocs = 0;
    std::uint64_t destroys = 0;
    std::uint64_t hash_grows = 0;
    std::uint64_t res_failed = 0;
    std::uint64_t lookups = 0;
    std::uint64_t hits = 0;
    std::uint64_t rcv_probes_mcast = 0;
    std::uint64_t rcv_probes_ucast = 0;
    std::uint64_t periodic_gc_runs = 0;
    std::uint64_t forced_gc_runs = 0;
    std::optional<std::uint64_t> table_fulls = {};  // Since Linux 4.1.
    bool operator==(const Stats&) const = default;
  };
  // Missing in messages that give the parameters of one device only.
  std::optional<Stats> stats = {};
  bool operator==(const Table&) const = default;
};

// Parses the payload of an RTM_NEWNEIGHTBL message. kMalformed when an attribute does not fit or is
// too short.
Status ParseTableMessage(std::span<const std::byte> payload, Table& out);

// Family and state (NUD_*) of an RTM_NEWNEIGH message.
struct Entry {
  std::uint8_t family = 0;
  std::uint16_t state = 0;
};
Status ParseEntryMessage(std::span<const std::byte> payload, Entry& out);

}  // namespace netstack::neighbour
