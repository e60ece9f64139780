#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "collectors/sockets/distribution.h"
#include "collectors/sockets/socket_groups.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/inet_diag.h"
#include "kernel/netlink/netlink.h"

namespace netstack::sockets {

// What a connection is measured by.
enum class Quantity : std::uint8_t {
  kUnread,
  kUnsent,
  kUnacknowledged,
  kReceiveMemory,
  kTransmitMemory,
  kRtt,
  kRetransmitted,
  kCongestionWindow,
};
inline constexpr std::size_t kQuantities = 8;

inline constexpr std::size_t kStates = 12;  // TCP_ESTABLISHED is 1, TCP_CLOSING 11.

struct WalkBudget {
  std::chrono::nanoseconds time;
  std::uint64_t sockets;
};

// One pass over all TCP sockets of both IP versions, added up as they come: nothing is kept of a
// single socket, and its memory does not follow their number.
class Walk {
 public:
  Walk(const WalkBudget& budget, const PortSet& ports_out, std::size_t most_groups);
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  // `port` is of NETLINK_SOCK_DIAG. After an error the results are of no use.
  Status Run(NetlinkPort& port);

  // The results of the last run.
  std::uint64_t sockets() const { return sockets_; }
  bool truncated() const { return truncated_; }
  double seconds() const { return seconds_; }
  // By IP version (0 for 4, 1 for 6) and state.
  const std::array<std::array<std::uint64_t, kStates>, 2>& states() const { return states_; }
  const Distribution& Of(Quantity quantity) const {
    return distributions_[static_cast<std::size_t>(quantity)];
  }
  double busy_seconds() const { return static_cast<double>(busy_us_) * 1e-6; }
  double receive_window_limited_seconds() const {
    return static_cast<double>(receive_window_limited_us_) * 1e-6;
  }
  double send_buffer_limited_seconds() const {
    return static_cast<double>(send_buffer_limited_us_) * 1e-6;
  }
  std::span<const SocketGroup> groups() { return groups_.groups(); }

 private:
  using Clock = std::chrono::steady_clock;
  void Clear();
  void Visit(const NetlinkMessage& message);
  bool IsSpent();
  void AddConnection();

  WalkBudget budget_;
  SocketGroups groups_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  NetlinkPort* port_ = nullptr;
  Clock::time_point end_;
  InetSocket socket_;
  std::optional<Error> first_error_;

  std::uint64_t sockets_ = 0;
  bool truncated_ = false;
  double seconds_ = 0;
  std::array<std::array<std::uint64_t, kStates>, 2> states_ = {};
  std::array<Distribution, kQuantities> distributions_;
  std::uint64_t busy_us_ = 0;
  std::uint64_t receive_window_limited_us_ = 0;
  std::uint64_t send_buffer_limited_us_ = 0;
};

}  // namespace netstack::sockets
