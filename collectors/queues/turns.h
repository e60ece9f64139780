#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace netstack::queues {

// Things of which some are read at a time: those first that were not for the longest.
class Turns {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // There are `count`, and all were read at `now`.
  void Restart(std::size_t count, Time now) {
    next_ = 0;
    read_at_.assign(count, now);
  }
  std::size_t count() const { return read_at_.size(); }
  // When that was read which was not for the longest; there must be some.
  Time oldest() const { return read_at_[next_]; }
  // Its position. It counts as read at `now`.
  std::size_t Take(Time now) {
    const std::size_t taken = next_;
    read_at_[taken] = now;
    next_ = (next_ + 1) % read_at_.size();
    return taken;
  }

 private:
  std::size_t next_ = 0;
  std::vector<Time> read_at_;  // By position.
};

}  // namespace netstack::queues
