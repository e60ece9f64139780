#include "collectors/netdev/page_pools.h"

#include "kernel/netlink/nlabi.h"

namespace netstack::netdev {
namespace {

constexpr std::array<PoolCounter, kPoolCounters> kCounters = {{
    {nlabi::kNetdevAPagePoolStatsAllocFast, kAllocations, "fast"},
    {nlabi::kNetdevAPagePoolStatsAllocSlow, kAllocations, "slow"},
    {nlabi::kNetdevAPagePoolStatsAllocSlowHighOrder, kAllocations, "slow_high_order"},
    {nlabi::kNetdevAPagePoolStatsAllocEmpty, kAllocations, "empty"},
    {nlabi::kNetdevAPagePoolStatsAllocRefill, kAllocations, "refill"},
    {nlabi::kNetdevAPagePoolStatsAllocWaive, kAllocations, "waive"},
    {nlabi::kNetdevAPagePoolStatsRecycleCached, kRecycles, "cached"},
    {nlabi::kNetdevAPagePoolStatsRecycleCacheFull, kRecycles, "cache_full"},
    {nlabi::kNetdevAPagePoolStatsRecycleRing, kRecycles, "ring"},
    {nlabi::kNetdevAPagePoolStatsRecycleRingFull, kRecycles, "ring_full"},
    {nlabi::kNetdevAPagePoolStatsRecycleReleasedRefcnt, kRecycles, "released_refcnt"},
}};

// A pool that one dump misses and the next has again must not count from 0; the kernel gives the
// number of one that is gone to another only after all other numbers.
constexpr int kMostUnseen = 16;

}  // namespace

std::span<const PoolCounter, kPoolCounters> PoolCounters() {
  return kCounters;
}

PagePools::PagePools(NetdevFamily& family) : family_(family) {
  visit_pool_ = [this](const NetdevMessage& message) { VisitPool(message); };
  visit_stats_ = [this](const NetdevMessage& message) { VisitStats(message); };
  restart_pools_ = [this] { ForgetGauges(); };
  // What came twice adds nothing the second time.
  restart_stats_ = [] {};
}

Status PagePools::Read() {
  ForgetGauges();
  if (Status asked = family_.Dump(nlabi::kNetdevCmdPagePoolGet, {}, visit_pool_, restart_pools_);
      !asked) {
    return asked;
  }
  if (!has_statistics_) return {};
  for (auto& [id, pool] : pools_) ++pool.rounds_unseen;
  const Status asked =
      family_.Dump(nlabi::kNetdevCmdPagePoolStatsGet, {}, visit_stats_, restart_stats_);
  has_statistics_ = asked || asked.error().kind != ErrorKind::kUnsupported;
  if (!asked) return has_statistics_ ? asked : Status();
  std::erase_if(pools_, [](const auto& item) { return item.second.rounds_unseen > kMostUnseen; });
  first_ = false;
  return {};
}

void PagePools::ForgetGauges() {
  for (auto& [index, device] : devices_) {
    device.attached = device.detached = device.inflight_pages = device.inflight_bytes = 0;
  }
}

void PagePools::VisitPool(const NetdevMessage& message) {
  const auto index = message.Get(nlabi::kNetdevAPagePoolIfindex);
  // A pool whose device is gone tells none.
  if (!index) return;
  DevicePools& device = devices_[*index];
  ++(message.Get(nlabi::kNetdevAPagePoolDetachTime) ? device.detached : device.attached);
  device.inflight_pages += message.Get(nlabi::kNetdevAPagePoolInflight).value_or(0);
  device.inflight_bytes += message.Get(nlabi::kNetdevAPagePoolInflightMem).value_or(0);
}

void PagePools::VisitStats(const NetdevMessage& message) {
  if (!info_.Parse(message.Nest(nlabi::kNetdevAPagePoolStatsInfo))) return;
  const auto id = info_.Get(nlabi::kNetdevAPagePoolId);
  const auto index = info_.Get(nlabi::kNetdevAPagePoolIfindex);
  if (!id || !index) return;
  DevicePools& device = devices_[*index];
  device.has_counters = true;
  const auto [place, is_new] = pools_.try_emplace(*id);
  Pool& pool = place->second;
  pool.rounds_unseen = 0;
  for (std::size_t i = 0; i < kPoolCounters; ++i) {
    const std::uint64_t value = message.Get(kCounters[i].attribute).value_or(pool.last[i]);
    // Of pools that were there before us only the increase counts.
    const bool counts = !(is_new && first_) && value > pool.last[i];
    if (counts) device.counters[i] += value - pool.last[i];
    pool.last[i] = value;
  }
}

const DevicePools* PagePools::Of(std::uint64_t device) const {
  const auto found = devices_.find(device);
  return found == devices_.end() ? nullptr : &found->second;
}

}  // namespace netstack::netdev
