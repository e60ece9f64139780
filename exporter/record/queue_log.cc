#include "exporter/record/queue_log.h"

#include <linux/tcp.h>

#include <algorithm>
#include <cstring>
#include <tuple>

namespace netstack {
namespace {

// A number of struct tcp_info; 0 when this kernel's is too short to have it.
std::uint64_t NumberAt(std::span<const std::byte> info, std::size_t offset) {
  std::uint64_t number = 0;
  if (info.size() >= offset + sizeof number) {
    std::memcpy(&number, info.data() + offset, sizeof number);
  }
  return number;
}

}  // namespace

void QueueLog::Begin() {
  pass_.clear();
}

void QueueLog::Add(const InetSocket& socket) {
  // Both since Linux 4.1.
  const std::uint64_t acknowledged = NumberAt(socket.info, offsetof(tcp_info, tcpi_bytes_acked));
  pass_.push_back({.socket = socket,
                   .received = NumberAt(socket.info, offsetof(tcp_info, tcpi_bytes_received)),
                   .written = acknowledged + socket.transmit_queue});
  pass_.back().socket.info = {};  // It goes with the message.
}

void QueueLog::Merge(const Seen& seen) {
  const InetSocket& socket = seen.socket;
  const auto [at, is_new] = connections_.try_emplace(socket.cookie);
  Connection& connection = at->second;
  if (is_new) {
    connection.row = {.family = socket.family,
                      .local_port = socket.local_port,
                      .remote_port = socket.remote_port,
                      .local_address = socket.local_address,
                      .remote_address = socket.remote_address};
    // What a connection did before the recording began is not part of it.
    if (first_pass_) {
      connection.received = seen.received;
      connection.written = seen.written;
    }
  }
  QueueRow& row = connection.row;
  row.receive_peak = std::max(row.receive_peak, socket.receive_queue);
  row.send_peak = std::max(row.send_peak, socket.transmit_queue);
  // A socket that is being closed loses its details: nothing then, never less than nothing.
  if (seen.received > connection.received) {
    row.receive_total += seen.received - connection.received;
    connection.received = seen.received;
  }
  if (seen.written > connection.written) {
    row.send_total += seen.written - connection.written;
    connection.written = seen.written;
  }
  ++row.samples;
}

void QueueLog::End() {
  for (const Seen& seen : pass_) Merge(seen);
  pass_.clear();
  first_pass_ = false;
}

std::span<const QueueRow> QueueLog::Take() {
  rows_.clear();
  std::erase_if(connections_, [](const auto& one) { return one.second.row.samples == 0; });
  for (auto& [cookie, connection] : connections_) {
    QueueRow& row = connection.row;
    rows_.push_back(row);
    row.receive_peak = row.send_peak = row.samples = 0;
    row.receive_total = row.send_total = 0;
  }
  std::ranges::sort(rows_, {}, [](const QueueRow& row) {
    return std::tie(row.family, row.local_address, row.local_port, row.remote_address,
                    row.remote_port);
  });
  return rows_;
}

}  // namespace netstack
