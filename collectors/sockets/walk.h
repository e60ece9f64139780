#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "collectors/sockets/quantities.h"
#include "collectors/sockets/socket_groups.h"
#include "collectors/sockets/syn_queues.h"
#include "collectors/sockets/top_sockets.h"
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

  // The results of the last run.
  std::uint64_t sockets() const { return sockets_; }
  bool truncated() const { return truncated_; }
  // Messages that could not be understood.
  std::uint64_t malformed() const { return malformed_; }
  // The first thing that was wrong, of messages or of groups.
  const std::optional<Error>& first_error() const { return first_error_; }
  double seconds() const { return seconds_; }
  // By IP version (0 for 4, 1 for 6) and state.
  const std::array<std::array<std::uint64_t, kTcpStates>, 2>& states() const { return states_; }
  const Quantities& quantities() const { return quantities_; }
  double busy_seconds() const { return static_cast<double>(busy_us_) * 1e-6; }
  double receive_window_limited_seconds() const {
    return static_cast<double>(receive_window_limited_us_) * 1e-6;
  }
  double send_buffer_limited_seconds() const {
    return static_cast<double>(send_buffer_limited_us_) * 1e-6;
  }
  std::span<const SocketGroup> groups() { return groups_->groups(); }
  std::span<const SynQueue> syn_queues() { return syn_queues_.queues(); }
  // The connections with the most bytes, most first.
  std::span<const Offender> offenders_receive() { return top_receive_.Sorted(); }
  std::span<const Offender> offenders_transmit() { return top_transmit_.Sorted(); }

 private:
  using Clock = std::chrono::steady_clock;
  void Begin();
  void Visit(const NetlinkMessage& message);
  bool IsSpent();
  void AddConnection();
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
  InetSocket socket_;
  std::optional<Error> first_error_;

  std::uint64_t sockets_ = 0;
  std::uint64_t malformed_ = 0;
  bool truncated_ = false;
  double seconds_ = 0;
  std::array<std::array<std::uint64_t, kTcpStates>, 2> states_ = {};
  Quantities quantities_;
  SynQueues syn_queues_;
  TopSockets top_receive_;
  TopSockets top_transmit_;
  std::uint64_t busy_us_ = 0;
  std::uint64_t receive_window_limited_us_ = 0;
  std::uint64_t send_buffer_limited_us_ = 0;
};

}  // namespace netstack::sockets
