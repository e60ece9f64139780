#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>

#include "collectors/qdisc/qdisc_message.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/netlink.h"

namespace netstack::qdisc {

// "either" where there are filters in both directions, in none, or nobody can tell.
inline constexpr std::array<std::string_view, 3> kClsactDirections = {"receive", "transmit",
                                                                      "either"};
using ClsactDrops = std::array<std::uint32_t, kClsactDirections.size()>;

// Says whose drops the one counter of a clsact qdisc has: where filters hang in one direction only,
// they are theirs. What was given to a direction stays with it. Asks the kernel for a device's
// filters when it is new and when it dropped something since. One thread at a time.
class ClsactDirection {
 public:
  ClsactDirection();
  ClsactDirection(const ClsactDirection&) = delete;
  ClsactDirection& operator=(const ClsactDirection&) = delete;

  // Its drops by direction; together they are the kernel's counter. Valid until the next round.
  const ClsactDrops& Of(NetlinkPort& port, const Qdisc& qdisc);
  // Begins a round: devices that were not asked about in the last one are forgotten.
  void BeginRound();

 private:
  struct Known {
    std::uint32_t drops = 0;
    ClsactDrops by_direction = {};
    bool seen = true;
  };

  std::size_t DirectionOf(NetlinkPort& port, int device);
  bool HasFilters(NetlinkPort& port, int device, std::uint32_t parent, bool& is_known);

  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  NetlinkPort* port_ = nullptr;  // Of the question under way.
  bool found_ = false;
  std::map<int, Known> devices_;  // By index.
};

}  // namespace netstack::qdisc
