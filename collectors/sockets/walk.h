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
#include "collectors/sockets/tcp_details.h"
#include "collectors/sockets/top_sockets.h"
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

struct WalkSettings {
  // The budget: what is not seen within it is left out.
  std::chrono::nanoseconds time = std::chrono::seconds(1);
  std::uint64_t sockets = 1'000'000;
  PortSet ports_out = {};  // Remote ports that are groups.
  std::size_t most_groups = 20;
  std::size_t most_offenders = 10;
};

// One pass over all TCP sockets of both IP versions, added up as they come: nothing is kept of a
// single socket, and its memory does not follow their number.
class Walk {
 public:
  explicit Walk(const WalkSettings& settings);
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  // `port` is of NETLINK_SOCK_DIAG. After an error the results are of no use. A message that cannot
  // be understood costs its socket only.
  Status Run(NetlinkPort& port);

  // The results of the last run.
  std::uint64_t sockets() const { return sockets_; }
  bool truncated() const { return truncated_; }
  // Messages that could not be understood, and why the first of them.
  std::uint64_t malformed() const { return malformed_; }
  const std::optional<Error>& first_error() const { return first_error_; }
  double seconds() const { return seconds_; }
  // By IP version (0 for 4, 1 for 6) and state.
  const std::array<std::array<std::uint64_t, kTcpStates>, 2>& states() const { return states_; }
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
  // The connections with the most bytes, most first.
  std::span<const Offender> offenders_receive() { return top_receive_.Sorted(); }
  std::span<const Offender> offenders_transmit() { return top_transmit_.Sorted(); }

 private:
  using Clock = std::chrono::steady_clock;
  void Clear();
  void Visit(const NetlinkMessage& message);
  bool IsSpent();
  void AddConnection();
  void AddOffender(TopSockets& top, std::uint32_t queued, std::uint32_t memory, std::uint32_t limit,
                   const TcpDetails& details) const;

  std::chrono::nanoseconds most_time_;
  std::uint64_t most_sockets_;
  SocketGroups groups_;
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
  std::array<Distribution, kQuantities> distributions_;
  TopSockets top_receive_;
  TopSockets top_transmit_;
  std::uint64_t busy_us_ = 0;
  std::uint64_t receive_window_limited_us_ = 0;
  std::uint64_t send_buffer_limited_us_ = 0;
};

}  // namespace netstack::sockets
