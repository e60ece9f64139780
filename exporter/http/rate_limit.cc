#include "exporter/http/rate_limit.h"

#include <algorithm>

namespace netstack {

bool RateLimit::Allow(Clock::time_point now) {
  if (interval_.count() <= 0) return true;
  const std::lock_guard lock(mutex_);
  const Clock::time_point empty_when_full = now - interval_ * burst_;
  empty_at_ = std::max(empty_at_, empty_when_full);
  if (now - empty_at_ < interval_) return false;
  empty_at_ += interval_;
  return true;
}

}  // namespace netstack
