#include "collectors/sockets/top_sockets.h"

#include <algorithm>
#include <tuple>

namespace netstack::sockets {
namespace {

bool HasMore(const Offender& a, const Offender& b) {
  return a.queued > b.queued;
}

}  // namespace

TopSockets::TopSockets(std::size_t most) : most_(most) {
  offenders_.reserve(most);
  Clear();
}

void TopSockets::Clear() {
  offenders_.clear();
  least_ = most_ == 0 ? UINT32_MAX : 0;
}

void TopSockets::Add(const Offender& offender) {
  if (offenders_.size() == most_) {
    std::ranges::pop_heap(offenders_, HasMore);
    offenders_.back() = offender;
  } else {
    offenders_.push_back(offender);
  }
  std::ranges::push_heap(offenders_, HasMore);
  if (offenders_.size() == most_) least_ = offenders_.front().queued;
}

std::span<const Offender> TopSockets::Sorted() {
  std::ranges::sort(offenders_, [](const Offender& a, const Offender& b) {
    return std::tuple(b.queued, a.local_port, a.remote_port, a.remote_address) <
           std::tuple(a.queued, b.local_port, b.remote_port, b.remote_address);
  });
  return offenders_;
}

}  // namespace netstack::sockets
