#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernel/result.h"

namespace netstack::qdisc {

// One queueing discipline as RTM_NEWQDISC tells it.
struct Qdisc {
  int device = 0;            // Index; never 0 in what has been parsed.
  std::uint32_t handle = 0;  // Major number in the upper half; 0 for those the kernel made itself.
  std::uint32_t parent = 0;  // A class, or TC_H_ROOT or TC_H_INGRESS.
  std::string kind = {};     // "fq_codel"
  std::uint64_t bytes = 0;   // Sent, not queued.
  std::uint64_t packets = 0;
  // struct gnet_stats_queue: 32 bits in the kernel, the counters wrap.
  std::uint32_t queue_length = 0;  // Packets.
  std::uint32_t backlog = 0;       // Bytes.
  std::uint32_t drops = 0;
  std::uint32_t requeues = 0;
  std::uint32_t overlimits = 0;
  bool has_stats = false;               // The six above mean something.
  std::vector<std::byte> options = {};  // TCA_OPTIONS: what it is depends on the kind.
  std::vector<std::byte> own = {};      // TCA_STATS_APP: the kind's own statistics.

  bool operator==(const Qdisc&) const = default;
};

// Parses the payload of an RTM_NEWQDISC message: tcmsg and attributes. `out` is overwritten and
// keeps its memory. kMalformed when an attribute does not fit or is too short, or when there is no
// kind.
Status ParseQdiscMessage(std::span<const std::byte> payload, Qdisc& out);

}  // namespace netstack::qdisc
