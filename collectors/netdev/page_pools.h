#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string_view>

#include "collectors/netdev/families.h"
#include "kernel/netlink/netdev_family.h"

namespace netstack::netdev {

// One of the counters of a page pool.
struct PoolCounter {
  std::uint16_t attribute;
  FamilyIndex family;
  std::string_view kind;
};
inline constexpr std::size_t kPoolCounters = 11;
std::span<const PoolCounter, kPoolCounters> PoolCounters();

// The page pools of one device together. Counters are increases since the first round, so that they
// do not fall when a pool goes.
struct DevicePools {
  std::uint64_t attached = 0;
  std::uint64_t detached = 0;
  std::uint64_t inflight_pages = 0;
  std::uint64_t inflight_bytes = 0;
  bool has_counters = false;
  std::array<std::uint64_t, kPoolCounters> counters = {};
  bool operator==(const DevicePools&) const = default;
};

// The page pools of all devices, over the rounds. One thread at a time.
class PagePools {
 public:
  // `family` must outlive the object.
  explicit PagePools(NetdevFamily& family);
  PagePools(const PagePools&) = delete;
  PagePools& operator=(const PagePools&) = delete;

  // kAbsent or kUnsupported where the kernel does not tell (before 6.8).
  Status Read();
  // By index; null for one without pools.
  const DevicePools* Of(std::uint64_t device) const;

 private:
  using Counters = std::array<std::uint64_t, kPoolCounters>;
  struct Pool {
    Counters last = {};
    int rounds_unseen = 0;
  };

  void VisitPool(const NetdevMessage& message);
  void VisitStats(const NetdevMessage& message);
  void ForgetGauges();

  NetdevFamily& family_;
  bool has_statistics_ = true;  // False of a kernel that was built without them.
  NetdevFamily::Visitor visit_pool_;
  NetdevFamily::Visitor visit_stats_;
  std::function<void()> restart_pools_;
  std::function<void()> restart_stats_;
  NetdevMessage info_;
  std::map<std::uint64_t, DevicePools> devices_;
  std::map<std::uint64_t, Pool> pools_;  // By id, which is not given again.
  bool first_ = true;
};

}  // namespace netstack::netdev
