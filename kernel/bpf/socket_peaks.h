#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "kernel/result.h"

namespace netstack {

// One TCP connection of our network namespace, and what its queues did within an interval.
// Addresses in network byte order, IPv4 as ::ffff:a.b.c.d.
struct SocketPeak {
  std::array<std::byte, 16> local_address = {};
  std::array<std::byte, 16> remote_address = {};
  std::uint16_t local_port = 0;
  std::uint16_t remote_port = 0;
  std::uint32_t unread = 0;          // Most bytes received and not yet read.
  std::uint32_t send_queue = 0;      // Most bytes written and not yet acknowledged.
  std::uint64_t received_bytes = 0;  // Put into the receive queue in order, over its whole life.
  std::uint64_t written_bytes = 0;   // Put into the send queue, over its whole life.
  bool operator==(const SocketPeak&) const = default;
};

// Every connection of chosen ports, each on its own: programs apart from those of BpfHost, which
// keep a map from connection to peaks in the kernel. For a while and for few: each event costs a
// look into a hash table. One thread at a time.
//
//   auto peaks = SocketPeaks::Open({.ports = {9042}});
//   while (...) { sleep; (*peaks)->Next(rows); }
class SocketPeaks {
 public:
  struct Options {
    std::vector<std::uint16_t> ports = {};  // Local or remote; empty: all.
    std::uint32_t max_sockets = 65536;      // Those beyond are counted by lost().
  };

  // Starts to look. kNoPermission without CAP_BPF and CAP_PERFMON, kUnsupported where the exporter
  // or the kernel cannot; then sock_diag is what is left.
  static Result<std::unique_ptr<SocketPeaks>> Open(const Options& options);
  virtual ~SocketPeaks() = default;

  // Ends the interval that began with the last call, and gives each connection at which something
  // happened within it. A connection that stood still is not among them, whatever is in its queues:
  // ask sock_diag for those. Takes a millisecond, so that who is at work ends first.
  virtual void Next(std::vector<SocketPeak>& out) = 0;

  // Events that are in no interval, since Open(): of connections that found no room, and those that
  // a program missed because one was at work on that CPU.
  virtual std::uint64_t lost() const = 0;

  // Whether reading takes CAP_BPF, too: before Linux 5.19 with kernel.unprivileged_bpf_disabled.
  virtual bool NeedsPrivilege() const = 0;
};

}  // namespace netstack
