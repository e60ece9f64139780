#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace netstack {

// Cuts time into epochs, of which the kernel keeps the last few: those that reach into the
// look-back are shown. An epoch ends when somebody reads and it has lasted for a sixth of the
// look-back, so one in which nobody reads is long and nothing of it is lost.
class PeakWindow {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kKept = 8;

  explicit PeakWindow(Clock::time_point start) { started_.fill(start); }

  // Somebody reads at `now`. Ends the running epoch when it is old enough; the peaks of epochs
  // oldest() to the new epoch() are to be shown.
  void Read(Clock::time_point now, std::chrono::nanoseconds look_back) {
    if (now - read_at_.value_or(now) > look_back) ++gaps_;
    read_at_ = now;
    oldest_ = epoch_;
    const Clock::time_point horizon = now - look_back;
    // An epoch ends where the next one starts. The one that the next write empties is not shown.
    while (oldest_ > 1 && epoch_ - oldest_ + 2 < kKept && Started(oldest_) > horizon) --oldest_;
    if (now - Started(epoch_) < look_back / 6) return;
    ++epoch_;
    started_[epoch_ % kKept] = now;
  }

  std::uint32_t epoch() const { return epoch_; }
  std::uint32_t oldest() const { return oldest_; }
  std::uint64_t gaps() const { return gaps_; }

 private:
  Clock::time_point Started(std::uint32_t epoch) const { return started_[epoch % kKept]; }

  std::array<Clock::time_point, kKept> started_;
  std::optional<Clock::time_point> read_at_;
  std::uint32_t epoch_ = 1;  // The kernel's rows start with 0: nothing.
  std::uint32_t oldest_ = 1;
  std::uint64_t gaps_ = 0;
};

}  // namespace netstack
