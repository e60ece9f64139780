#pragma once

#include <array>

#include "model/family.h"

namespace netstack::netdev {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_napi_info",
     .type = MetricType::kInfo,
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .tier = Tier::kExtended,
     .labels = {"device", "direction", "queue", "napi", "irq", "thread_pid"},
     .help =
         "Which NAPI instance polls a queue, which interrupt wakes it, and the thread that polls "
         "if one does.",
     .source = "netdev netlink QUEUE_GET and NAPI_GET, since Linux 6.8; few drivers tell the "
               "interrupt",
     .reading = "Joins the families by queue with those by interrupt. Left out above 16 queues."},
    {.name = "netstack_napi_defer_hard_irqs",
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kTunable,
     .labels = {"device", "napi"},
     .help = "Empty polls in a row before the instance's interrupt is let in again.",
     .source = "netdev netlink NAPI_GET defer-hard-irqs, since Linux 6.13; left out while 0"},
    {.name = "netstack_napi_gro_flush_timeout_seconds",
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kTunable,
     .labels = {"device", "napi"},
     .help = "How long packets may wait to be merged after a poll that found less than its weight.",
     .source = "netdev netlink NAPI_GET gro-flush-timeout, since Linux 6.13; left out while 0"},
    {.name = "netstack_napi_irq_suspend_timeout_seconds",
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kTunable,
     .labels = {"device", "napi"},
     .help = "How long the interrupt stays off while a program polls the socket itself.",
     .source = "netdev netlink NAPI_GET irq-suspend-timeout, since Linux 6.13; left out while 0"},
    {.name = "netstack_napi_threaded",
     .path = Path::kReceive,
     .stage = Stage::kNapi,
     .role = Role::kTunable,
     .labels = {"device", "napi"},
     .help = "1 if a thread of its own polls the instance and not the softirq, 2 if that thread "
             "never sleeps.",
     .source = "netdev netlink NAPI_GET threaded, since Linux 6.17; left out while 0"},
    {.name = "netstack_page_pool_pools",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .tier = Tier::kExtended,
     .labels = {"device", "state"},
     .help = "Page pools that a device takes its receive buffers from.",
     .source = "netdev netlink PAGE_POOL_GET, since Linux 6.8",
     .reading = "state=\"detached\" for long: packets of a ring that is gone are still held "
                "somewhere, and so is their memory."},
    {.name = "netstack_page_pool_inflight_pages",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .role = Role::kDepth,
     .tier = Tier::kExtended,
     .labels = {"device"},
     .help = "Pages of a device's page pools that are on its rings or in packets.",
     .source = "netdev netlink PAGE_POOL_GET inflight, since Linux 6.8"},
    {.name = "netstack_page_pool_inflight_bytes",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .role = Role::kDepth,
     .tier = Tier::kExtended,
     .labels = {"device"},
     .help = "Memory of a device's page pools that is on its rings or in packets.",
     .source = "netdev netlink PAGE_POOL_GET inflight-mem, since Linux 6.8",
     .reading = "Growing without end: packets are held by slow readers, or leaked."},
    {.name = "netstack_page_pool_allocations_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .role = Role::kPressure,
     .tier = Tier::kExtended,
     .labels = {"device", "kind"},
     .help = "Pages taken from a device's page pools, by where they came from, since the exporter "
             "started.",
     .source = "netdev netlink PAGE_POOL_STATS_GET alloc-*, with CONFIG_PAGE_POOL_STATS",
     .reading = "slow rising with the packets: pages are not recycled, and each costs an "
                "allocation. waive: the page was of another memory node."},
    {.name = "netstack_page_pool_recycles_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .role = Role::kFlow,
     .tier = Tier::kExtended,
     .labels = {"device", "kind"},
     .help = "Pages given back to a device's page pools, by where they went, since the exporter "
             "started.",
     .source = "netdev netlink PAGE_POOL_STATS_GET recycle-*, with CONFIG_PAGE_POOL_STATS",
     .reading = "ring_full and released_refcnt rising: pages that could not be used again."},
    {.name = "netstack_napi_settings_age_seconds",
     .help = "Time since queues, NAPI instances and their settings were read.",
     .source = "The exporter's own clock.",
     .reading = "They are read when a device comes or goes and when older than settings-max-age."},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table.
enum FamilyIndex : std::size_t {
  kNapi,
  kDeferHardIrqs,
  kGroFlushTimeout,
  kIrqSuspendTimeout,
  kThreaded,
  kPools,
  kInflightPages,
  kInflightBytes,
  kAllocations,
  kRecycles,
  kAge,
};
static_assert(kFamilies[kAge].name == "netstack_napi_settings_age_seconds");

}  // namespace netstack::netdev
