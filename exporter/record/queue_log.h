#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "exporter/record/connection_name.h"
#include "kernel/bpf/socket_peaks.h"
#include "kernel/netlink/inet_diag.h"

namespace netstack {

// One connection over one interval. Bytes as the application or the peer queued them, without the
// kernel's overhead.
struct QueueRow {
  std::uint8_t family = 0;  // AF_INET or AF_INET6.
  std::uint16_t local_port = 0;
  std::uint16_t remote_port = 0;
  std::array<std::byte, 16> local_address = {};
  std::array<std::byte, 16> remote_address = {};
  std::uint32_t receive_peak = 0;   // Most unread bytes.
  std::uint64_t receive_total = 0;  // Bytes that came in.
  std::uint32_t send_peak = 0;      // Most bytes not sent or not acknowledged.
  std::uint64_t send_total = 0;     // Bytes that the application wrote.
  std::uint32_t samples = 0;        // That saw the connection.
  bool operator==(const QueueRow&) const = default;
  bool WasIdle() const { return receive_peak + receive_total + send_peak + send_total == 0; }
};

// Gathers samples and peaks of all connections into rows. A connection that goes is in the rows of
// the interval in which it was seen last.
class QueueLog {
 public:
  // A pass over all connections: Begin, Add for each, End. Begin again forgets what was added since
  // the last End.
  void Begin();
  void Add(const InetSocket& socket);
  void End();

  // What the kernel saw between samples. A connection that no sample has shown began since the
  // last.
  void AddPeak(const SocketPeak& peak);

  // The rows since the last call, sorted by addresses and ports; valid until the next one.
  std::span<const QueueRow> Take();

 private:
  // Bytes over a connection's life.
  struct Totals {
    std::uint64_t received = 0;
    std::uint64_t written = 0;
  };
  struct Seen {
    InetSocket socket;
    Totals totals;
  };
  struct Connection {
    QueueRow row;
    bool is_seen = false;      // Since the last Take().
    std::uint64_t cookie = 0;  // 0: no sample has shown it.
    Totals counted;
  };
  void Merge(const Seen& seen);
  static void Raise(std::uint32_t received, std::uint32_t written, Connection& connection);
  static void Count(const Totals& totals, Connection& connection);

  bool first_pass_ = true;
  std::vector<Seen> pass_;
  std::map<ConnectionName, Connection> connections_;
  std::vector<QueueRow> rows_;
};

}  // namespace netstack
