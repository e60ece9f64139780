#include "exporter/record/queue_log.h"

#include <linux/tcp.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace netstack {
namespace {

// A number of struct tcp_info; 0 when this kernel's is too short to have it.
template <class Number>
Number NumberAt(std::span<const std::byte> info, std::size_t offset) {
  Number number = 0;
  if (info.size() >= offset + sizeof number) {
    std::memcpy(&number, info.data() + offset, sizeof number);
  }
  return number;
}

// TCP_CLOSE_WAIT, TCP_LAST_ACK and TCP_CLOSING: the peer's FIN is there, and counts as an unread
// byte until it is read.
constexpr std::array<std::uint8_t, 3> kAfterFin = {8, 9, 11};

std::uint32_t UnreadOf(const InetSocket& socket) {
  const bool has_fin = std::ranges::find(kAfterFin, socket.state) != kAfterFin.end();
  return has_fin && socket.receive_queue > 0 ? socket.receive_queue - 1 : socket.receive_queue;
}

}  // namespace

void QueueLog::Begin() {
  pass_.clear();
}

void QueueLog::Add(const InetSocket& socket) {
  // All since Linux 4.19. Of these neither SYN nor FIN is a part.
  const auto number = [&](std::size_t offset) {
    return NumberAt<std::uint64_t>(socket.info, offset);
  };
  const std::uint64_t sent =
      number(offsetof(tcp_info, tcpi_bytes_sent)) - number(offsetof(tcp_info, tcpi_bytes_retrans));
  pass_.push_back(
      {.socket = socket,
       .totals = {.received = number(offsetof(tcp_info, tcpi_bytes_received)),
                  .written = sent + NumberAt<std::uint32_t>(
                                        socket.info, offsetof(tcp_info, tcpi_notsent_bytes))}});
  pass_.back().socket.info = {};  // It goes with the message.
}

void QueueLog::Raise(std::uint32_t received, std::uint32_t written, Connection& connection) {
  connection.is_seen = true;
  connection.row.receive_peak = std::max(connection.row.receive_peak, received);
  connection.row.send_peak = std::max(connection.row.send_peak, written);
}

// A socket that is being closed loses its details, and of two sources one may be older: nothing
// then, never less than nothing.
void QueueLog::Count(const Totals& totals, Connection& connection) {
  const auto count = [](std::uint64_t now, std::uint64_t& counted, std::uint64_t& total) {
    if (now <= counted) return;
    total += now - counted;
    counted = now;
  };
  count(totals.received, connection.counted.received, connection.row.receive_total);
  count(totals.written, connection.counted.written, connection.row.send_total);
}

void QueueLog::Merge(const Seen& seen) {
  const InetSocket& socket = seen.socket;
  const auto [at, is_new] = connections_.try_emplace(NameOf(socket));
  Connection& connection = at->second;
  if (is_new) {
    connection.row = {.family = socket.family,
                      .local_port = socket.local_port,
                      .remote_port = socket.remote_port,
                      .local_address = socket.local_address,
                      .remote_address = socket.remote_address};
    // What a connection did before the recording began is not part of it.
    if (first_pass_) connection.counted = seen.totals;
  }
  // Another connection between the same ends.
  if (connection.cookie != 0 && connection.cookie != socket.cookie) connection.counted = {};
  connection.cookie = socket.cookie;
  Raise(UnreadOf(socket), socket.transmit_queue, connection);
  Count(seen.totals, connection);
  ++connection.row.samples;
}

void QueueLog::End() {
  for (const Seen& seen : pass_) Merge(seen);
  pass_.clear();
  first_pass_ = false;
}

void QueueLog::AddPeak(const SocketPeak& peak) {
  const ConnectionName name = NameOf(peak);
  const auto [at, is_new] = connections_.try_emplace(name);
  Connection& connection = at->second;
  if (is_new) {
    connection.row = {.local_port = peak.local_port, .remote_port = peak.remote_port};
    QueueRow& row = connection.row;
    row.family = name.IsIpv4() ? AF_INET : AF_INET6;
    row.local_address = ConnectionName::Unmapped(row.family, name.local_address);
    row.remote_address = ConnectionName::Unmapped(row.family, name.remote_address);
  }
  Raise(peak.unread, peak.send_queue, connection);
  Count({.received = peak.received_bytes, .written = peak.written_bytes}, connection);
}

std::span<const QueueRow> QueueLog::Take() {
  rows_.clear();
  std::erase_if(connections_, [](const auto& one) { return !one.second.is_seen; });
  for (auto& [name, connection] : connections_) {
    QueueRow& row = connection.row;
    rows_.push_back(row);
    connection.is_seen = false;
    row.receive_peak = row.send_peak = row.samples = 0;
    row.receive_total = row.send_total = 0;
  }
  return rows_;
}

}  // namespace netstack
