#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "collectors/sockets/socket_groups.h"
#include "collectors/sockets/syn_queues.h"
#include "collectors/sockets/tcp_details.h"
#include "collectors/sockets/top_sockets.h"
#include "collectors/sockets/walk_result.h"
#include "kernel/bpf/tcp_sockets.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/inet_diag.h"
#include "kernel/netlink/netlink.h"

namespace netstack::sockets {

struct WalkSettings {
  // The budget: what is not seen within it is left out.
  std::chrono::nanoseconds time = std::chrono::seconds(1);
  std::uint64_t sockets = 1'000'000;
  std::size_t most_offenders = 10;
  bool group_quantities = false;  // Distributions for each group, too.
};

// The SYN queue of each listener, read by itself: exact, and cheap however many connections there
// are. `queues` is begun anew.
Status ReadSynQueues(TcpSockets& sockets, SynQueues& queues);

// One pass over all TCP sockets of both IP versions, added up as they come: of single sockets only
// the few with the most bytes are kept, and memory does not follow their number.
class Walk {
 public:
  Walk(const WalkSettings& settings, std::unique_ptr<SocketGroups> groups);
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  // `port` is of NETLINK_SOCK_DIAG. After an error the results are of no use. A message that cannot
  // be understood costs its socket only.
  Status Run(NetlinkPort& port);
  // The same from an iterator in the kernel, which tells neither cgroups nor inodes. SYN queues are
  // then what ReadSynQueues() reads.
  Status Run(TcpSockets& sockets);
  // Ends a run that is under way as if its budget were spent, and all later ones. Any thread.
  void GiveUp() { gave_up_ = true; }

  // Of the last run.
  const WalkResult& result() const { return result_; }
  // The connections with the most bytes, most first.
  std::span<const Offender> offenders_receive() { return top_receive_.Sorted(); }
  std::span<const Offender> offenders_transmit() { return top_transmit_.Sorted(); }

 private:
  using Clock = std::chrono::steady_clock;
  void Begin();
  void Finish();
  void Visit(const NetlinkMessage& message);
  bool Visit(const netstack_tcp_socket& told);
  bool IsSpent();
  bool AddSocket();
  void AddConnection(const TcpDetails& details);
  void AddToGroup(SocketGroup& group, const TcpDetails& details);
  void AddOffender(TopSockets& top, std::uint32_t queued, std::uint32_t memory, std::uint32_t limit,
                   const TcpDetails& details) const;

  const WalkSettings settings_;
  const std::unique_ptr<SocketGroups> groups_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  NetlinkPort* port_ = nullptr;
  Clock::time_point end_;
  std::atomic<bool> gave_up_ = false;
  InetSocket socket_;
  WalkResult result_;
  SynQueues syn_queues_;
  TopSockets top_receive_;
  TopSockets top_transmit_;
};

}  // namespace netstack::sockets
