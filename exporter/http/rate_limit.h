#pragma once

#include <chrono>
#include <mutex>

namespace netstack {

// A token bucket as exporter-toolkit has it: `burst` requests at once, one more per `interval`.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  // An interval of 0 allows everything.
  RateLimit(std::chrono::nanoseconds interval, int burst) : interval_(interval), burst_(burst) {}

  // Whether a request at `now` may pass; thread-safe.
  bool Allow(Clock::time_point now);

 private:
  const std::chrono::nanoseconds interval_;
  const int burst_;
  std::mutex mutex_;
  // When the bucket was, or will have been, empty; it has filled up for (now - empty_at_) since.
  Clock::time_point empty_at_ = Clock::time_point::min();
};

}  // namespace netstack
