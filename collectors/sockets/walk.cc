#include "collectors/sockets/walk.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "collectors/sockets/tcp_record.h"

namespace netstack::sockets {
namespace {

// States as ss -a has them: everything but sockets that are bound and not connected.
constexpr std::uint32_t kAllStates = (1u << kTcpStates) - 1;
constexpr std::uint64_t kClockInterval = 256;  // Sockets between two looks at the clock.

}  // namespace

Status ReadSynQueues(TcpSockets& sockets, SynQueues& queues) {
  queues.Clear();
  InetSocket listener;
  return sockets.ReadListeners([&](const netstack_tcp_socket& told) {
    ReadRecord(told, listener);
    queues.AddListener(listener, told.syn_queue);
    return true;
  });
}

Walk::Walk(const WalkSettings& settings, std::unique_ptr<SocketGroups> groups)
    : settings_(settings),
      groups_(std::move(groups)),
      top_receive_(settings.most_offenders),
      top_transmit_(settings.most_offenders) {
  // The older request: it alone lists both IP versions in one pass over the kernel's table.
  inet_diag_req request = {};
  request.idiag_ext = (1u << (INET_DIAG_SKMEMINFO - 1)) | (1u << (INET_DIAG_INFO - 1));
  request.idiag_states = kAllStates;
  request_.AddHeader(request);
  visit_ = [this](const NetlinkMessage& message) { Visit(message); };
  restart_ = [this] { Begin(); };
}

void Walk::Begin() {
  result_.first_error.reset();
  if (Status groups = groups_->Begin(); !groups) result_.first_error = groups.error();
  syn_queues_.Clear();
  result_.sockets = 0;
  result_.malformed = 0;
  result_.truncated = false;
  top_receive_.Clear();
  top_transmit_.Clear();
  for (auto& states : result_.states) states.fill(0);
  result_.quantities.Clear();
  result_.busy_us = result_.receive_window_limited_us = result_.send_buffer_limited_us = 0;
}

void Walk::Finish() {
  const auto queues = syn_queues_.queues();
  result_.syn_queues.assign(queues.begin(), queues.end());
  const auto groups = groups_->groups();
  result_.groups.resize(groups.size());
  result_.group_quantities.clear();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    result_.groups[i].name = groups[i].name;
    result_.groups[i].sums = groups[i].sums;
    if (!settings_.group_quantities) continue;
    result_.group_quantities.push_back(groups[i].quantities ? *groups[i].quantities : Quantities());
    result_.quantities.Add(result_.group_quantities.back());
  }
}

Status Walk::Run(NetlinkPort& port) {
  const Clock::time_point begin = Clock::now();
  Begin();
  port_ = &port;
  end_ = begin + settings_.time;
  Status asked = port.Request(TCPDIAG_GETSOCK, NLM_F_DUMP, request_.payload(), visit_, restart_);
  Finish();
  result_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return asked;
}

Status Walk::Run(TcpSockets& sockets) {
  const Clock::time_point begin = Clock::now();
  Begin();
  port_ = nullptr;
  end_ = begin + settings_.time;
  Status read = sockets.ReadAll([this](const netstack_tcp_socket& told) { return Visit(told); });
  Finish();
  result_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return read;
}

bool Walk::IsSpent() {
  if (result_.truncated) return true;
  const std::uint64_t seen = result_.sockets;
  if (seen < settings_.sockets &&
      (seen % kClockInterval != kClockInterval - 1 || (!gave_up_ && Clock::now() < end_))) {
    return false;
  }
  result_.truncated = true;
  if (port_ != nullptr) port_->Stop();
  return true;
}

void Walk::Visit(const NetlinkMessage& message) {
  if (IsSpent()) return;
  if (Status parsed = ParseInetSocket(message.payload, socket_); !parsed) {
    ++result_.malformed;
    if (!result_.first_error) result_.first_error = parsed.error();
    return;
  }
  // Connections in TIME_WAIT, and those that are still being opened, have neither memory nor
  // details: only their state counts.
  if (!AddSocket() || !socket_.memory || socket_.info.empty()) return;
  AddConnection(ReadTcpDetails(socket_.info));
}

bool Walk::Visit(const netstack_tcp_socket& told) {
  if (IsSpent()) return false;
  ReadRecord(told, socket_);
  if (AddSocket() && told.has_details != 0) AddConnection(DetailsOf(told));
  return true;
}

// True for a connection.
bool Walk::AddSocket() {
  ++result_.sockets;
  if (socket_.state < kTcpStates) ++result_.states[socket_.family == AF_INET6][socket_.state];
  if (socket_.state == TCP_LISTEN) {
    groups_->AddListener(socket_);
    syn_queues_.AddListener(socket_);
    return false;
  }
  if (socket_.state != TCP_SYN_RECV) return true;
  syn_queues_.AddConnection(socket_);
  return false;
}

void Walk::AddConnection(const TcpDetails& details) {
  const SocketMemory& memory = *socket_.memory;
  AddToGroup(groups_->Of(socket_), details);
  AddOffender(top_receive_, socket_.receive_queue, memory.receive, memory.receive_limit, details);
  AddOffender(top_transmit_, socket_.transmit_queue, memory.transmit_queued, memory.transmit_limit,
              details);
  result_.busy_us += details.busy_us;
  result_.receive_window_limited_us += details.receive_window_limited_us;
  result_.send_buffer_limited_us += details.send_buffer_limited_us;
}

void Walk::AddToGroup(SocketGroup& group, const TcpDetails& details) {
  if (settings_.group_quantities) {
    if (!group.quantities) group.quantities = std::make_unique<Quantities>();
    group.quantities->Add(socket_, details);
  } else {
    result_.quantities.Add(socket_, details);
  }
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
