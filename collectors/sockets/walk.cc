#include "collectors/sockets/walk.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

namespace netstack::sockets {
namespace {

constexpr auto kByteBounds = std::to_array<Bound>({{0, "0"},
                                                   {1024, "1024"},
                                                   {4096, "4096"},
                                                   {16384, "16384"},
                                                   {65536, "65536"},
                                                   {262144, "262144"},
                                                   {1048576, "1048576"},
                                                   {4194304, "4194304"},
                                                   {16777216, "16777216"}});
constexpr auto kRatioBounds = std::to_array<Bound>(
    {{0, "0"}, {0.1, "0.1"}, {0.25, "0.25"}, {0.5, "0.5"}, {0.75, "0.75"}, {0.9, "0.9"}, {1, "1"}});
constexpr auto kSecondBounds = std::to_array<Bound>({{0.0001, "0.0001"},
                                                     {0.0005, "0.0005"},
                                                     {0.001, "0.001"},
                                                     {0.005, "0.005"},
                                                     {0.01, "0.01"},
                                                     {0.025, "0.025"},
                                                     {0.05, "0.05"},
                                                     {0.1, "0.1"},
                                                     {0.25, "0.25"},
                                                     {0.5, "0.5"},
                                                     {1, "1"},
                                                     {5, "5"}});
constexpr auto kSegmentBounds = std::to_array<Bound>({{0, "0"},
                                                      {1, "1"},
                                                      {2, "2"},
                                                      {5, "5"},
                                                      {10, "10"},
                                                      {20, "20"},
                                                      {50, "50"},
                                                      {100, "100"},
                                                      {1000, "1000"}});

// States as ss -a has them: everything but sockets that are bound and not connected.
constexpr std::uint32_t kAllStates = (1u << kTcpStates) - 1;
constexpr std::uint64_t kClockInterval = 256;  // Sockets between two looks at the clock.

double Ratio(std::uint32_t part, std::uint32_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / whole;
}

}  // namespace

Walk::Walk(const WalkSettings& settings)
    : most_time_(settings.time),
      most_sockets_(settings.sockets),
      groups_(settings.ports_out, settings.most_groups),
      distributions_{Distribution(kByteBounds),    Distribution(kByteBounds),
                     Distribution(kByteBounds),    Distribution(kRatioBounds),
                     Distribution(kRatioBounds),   Distribution(kSecondBounds),
                     Distribution(kSegmentBounds), Distribution(kSegmentBounds)},
      top_receive_(settings.most_offenders),
      top_transmit_(settings.most_offenders) {
  // The older request: it alone lists both IP versions in one pass over the kernel's table.
  inet_diag_req request = {};
  request.idiag_ext = (1u << (INET_DIAG_SKMEMINFO - 1)) | (1u << (INET_DIAG_INFO - 1));
  request.idiag_states = kAllStates;
  request_.AddHeader(request);
  visit_ = [this](const NetlinkMessage& message) { Visit(message); };
  restart_ = [this] { Clear(); };
}

void Walk::Clear() {
  groups_.Clear();
  first_error_.reset();
  sockets_ = 0;
  malformed_ = 0;
  truncated_ = false;
  top_receive_.Clear();
  top_transmit_.Clear();
  for (auto& states : states_) states.fill(0);
  for (Distribution& distribution : distributions_) distribution.Clear();
  busy_us_ = receive_window_limited_us_ = send_buffer_limited_us_ = 0;
}

Status Walk::Run(NetlinkPort& port) {
  Clear();
  port_ = &port;
  const Clock::time_point begin = Clock::now();
  end_ = begin + most_time_;
  Status asked = port.Request(TCPDIAG_GETSOCK, NLM_F_DUMP, request_.payload(), visit_, restart_);
  seconds_ = std::chrono::duration<double>(Clock::now() - begin).count();
  return asked;
}

bool Walk::IsSpent() {
  if (truncated_) return true;
  if (sockets_ < most_sockets_ &&
      (sockets_ % kClockInterval != kClockInterval - 1 || Clock::now() < end_)) {
    return false;
  }
  truncated_ = true;
  port_->Stop();
  return true;
}

void Walk::Visit(const NetlinkMessage& message) {
  if (IsSpent()) return;
  if (Status parsed = ParseInetSocket(message.payload, socket_); !parsed) {
    ++malformed_;
    if (!first_error_) first_error_ = parsed.error();
    return;
  }
  ++sockets_;
  if (socket_.state < kTcpStates) ++states_[socket_.family == AF_INET6][socket_.state];
  if (socket_.state == TCP_LISTEN) {
    groups_.AddListener(socket_.local_port);
  } else {
    AddConnection();
  }
}

// Connections in TIME_WAIT, and those that are still being opened, have neither memory nor
// details: only their state counts.
void Walk::AddConnection() {
  SocketGroup& group = groups_.Of(socket_.local_port, socket_.remote_port);
  if (socket_.state == TCP_SYN_RECV) ++group.syn_queue;
  if (!socket_.memory || socket_.info.empty()) return;
  const auto add = [this](Quantity quantity, double value) {
    distributions_[static_cast<std::size_t>(quantity)].Add(value);
  };
  const SocketMemory& memory = *socket_.memory;
  const TcpDetails details = ReadTcpDetails(socket_.info);
  const std::uint32_t unsent = std::min(details.unsent, socket_.transmit_queue);
  add(Quantity::kUnread, socket_.receive_queue);
  add(Quantity::kUnsent, unsent);
  add(Quantity::kUnacknowledged, socket_.transmit_queue - unsent);
  add(Quantity::kReceiveMemory, Ratio(memory.receive, memory.receive_limit));
  add(Quantity::kTransmitMemory, Ratio(memory.transmit_queued, memory.transmit_limit));
  if (details.rtt_us > 0) add(Quantity::kRtt, details.rtt_us * 1e-6);
  add(Quantity::kRetransmitted, details.retransmitted);
  add(Quantity::kCongestionWindow, details.congestion_window);
  AddOffender(top_receive_, socket_.receive_queue, memory.receive, memory.receive_limit, details);
  AddOffender(top_transmit_, socket_.transmit_queue, memory.transmit_queued, memory.transmit_limit,
              details);
  busy_us_ += details.busy_us;
  receive_window_limited_us_ += details.receive_window_limited_us;
  send_buffer_limited_us_ += details.send_buffer_limited_us;
  GroupSums& sums = group.sums;
  ++sums.sockets;
  sums.receive_queue += socket_.receive_queue;
  sums.receive_queue_max = std::max<std::uint64_t>(sums.receive_queue_max, socket_.receive_queue);
  sums.transmit_queue += socket_.transmit_queue;
  sums.transmit_queue_max =
      std::max<std::uint64_t>(sums.transmit_queue_max, socket_.transmit_queue);
}

void Walk::AddOffender(TopSockets& top, std::uint32_t queued, std::uint32_t memory,
                       std::uint32_t limit, const TcpDetails& details) const {
  if (!top.Takes(queued)) return;
  top.Add({.ip_version = static_cast<std::uint8_t>(socket_.family == AF_INET6 ? 6 : 4),
           .state = socket_.state,
           .local_address = socket_.local_address,
           .remote_address = socket_.remote_address,
           .local_port = socket_.local_port,
           .remote_port = socket_.remote_port,
           .queued = queued,
           .memory = memory,
           .limit = limit,
           .rtt_us = details.rtt_us});
}

}  // namespace netstack::sockets
