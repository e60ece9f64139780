#pragma once

#include <cstdint>

// Numbers of the kernel's netlink interface that the headers of Linux 6.1, which Debian 12 has, do
// not name yet. A test compares them with the running kernel's: k, then the kernel's own name in
// camel case.
namespace netstack::nlabi {

// enum in linux/if_link.h, since Linux 6.3.
inline constexpr std::uint16_t kIflaGsoIpv4MaxSize = 63;
inline constexpr std::uint16_t kIflaGroIpv4MaxSize = 64;

// enums in linux/ethtool_netlink.h.
inline constexpr std::uint8_t kEthtoolMsgRssGet = 38;             // Since Linux 6.2.
inline constexpr std::uint16_t kEthtoolARssIndir = 4;             // Since Linux 6.2.
inline constexpr std::uint16_t kEthtoolALinkstateExtDownCnt = 7;  // Since Linux 6.2.
inline constexpr std::uint16_t kEthtoolARingsRxPush = 14;         // Since Linux 6.3, as the next.
inline constexpr std::uint16_t kEthtoolACoalesceTxAggrMaxBytes = 26;
inline constexpr std::uint16_t kEthtoolACoalesceTxAggrMaxFrames = 27;
inline constexpr std::uint16_t kEthtoolACoalesceTxAggrTimeUsecs = 28;
inline constexpr std::uint16_t kEthtoolACoalesceRxProfile = 29;  // Since Linux 6.11, as the next.
inline constexpr std::uint16_t kEthtoolACoalesceTxProfile = 30;
inline constexpr std::uint16_t kEthtoolACoalesceRxCqeFrames = 31;  // Since Linux 7.1, as the next.
inline constexpr std::uint16_t kEthtoolACoalesceRxCqeNsecs = 32;
inline constexpr std::uint16_t kEthtoolAProfileIrqModeration = 1;  // A nest for each level.
inline constexpr std::uint16_t kEthtoolAIrqModerationUsec = 1;
inline constexpr std::uint16_t kEthtoolAIrqModerationPkts = 2;
inline constexpr std::uint16_t kEthtoolAIrqModerationComps = 3;

// linux/netdev.h: the generic netlink family "netdev", since Linux 6.3; most of it came later.
inline constexpr std::uint8_t kNetdevCmdPagePoolGet = 5;  // Since Linux 6.8, as the next three.
inline constexpr std::uint8_t kNetdevCmdPagePoolStatsGet = 9;  // With CONFIG_PAGE_POOL_STATS.
inline constexpr std::uint8_t kNetdevCmdQueueGet = 10;
inline constexpr std::uint8_t kNetdevCmdNapiGet = 11;
inline constexpr std::uint8_t kNetdevCmdQstatsGet = 12;  // Since Linux 6.9.

inline constexpr std::uint16_t kNetdevAPagePoolId = 1;
inline constexpr std::uint16_t kNetdevAPagePoolIfindex = 2;
inline constexpr std::uint16_t kNetdevAPagePoolInflight = 4;     // Pages.
inline constexpr std::uint16_t kNetdevAPagePoolInflightMem = 5;  // Bytes.
inline constexpr std::uint16_t kNetdevAPagePoolDetachTime = 6;
inline constexpr std::uint16_t kNetdevAPagePoolStatsInfo = 1;  // A nest with id and ifindex.
inline constexpr std::uint16_t kNetdevAPagePoolStatsAllocFast = 8;
inline constexpr std::uint16_t kNetdevAPagePoolStatsAllocSlow = 9;
inline constexpr std::uint16_t kNetdevAPagePoolStatsAllocSlowHighOrder = 10;
inline constexpr std::uint16_t kNetdevAPagePoolStatsAllocEmpty = 11;
inline constexpr std::uint16_t kNetdevAPagePoolStatsAllocRefill = 12;
inline constexpr std::uint16_t kNetdevAPagePoolStatsAllocWaive = 13;
inline constexpr std::uint16_t kNetdevAPagePoolStatsRecycleCached = 14;
inline constexpr std::uint16_t kNetdevAPagePoolStatsRecycleCacheFull = 15;
inline constexpr std::uint16_t kNetdevAPagePoolStatsRecycleRing = 16;
inline constexpr std::uint16_t kNetdevAPagePoolStatsRecycleRingFull = 17;
inline constexpr std::uint16_t kNetdevAPagePoolStatsRecycleReleasedRefcnt = 18;

inline constexpr std::uint16_t kNetdevAQueueId = 1;
inline constexpr std::uint16_t kNetdevAQueueIfindex = 2;
inline constexpr std::uint16_t kNetdevAQueueType = 3;  // 0 receive, 1 transmit.
inline constexpr std::uint16_t kNetdevAQueueNapiId = 4;

inline constexpr std::uint16_t kNetdevANapiIfindex = 1;
inline constexpr std::uint16_t kNetdevANapiId = 2;
inline constexpr std::uint16_t kNetdevANapiIrq = 3;
inline constexpr std::uint16_t kNetdevANapiPid = 4;
inline constexpr std::uint16_t kNetdevANapiDeferHardIrqs = 5;  // Since Linux 6.13, as the next two.
inline constexpr std::uint16_t kNetdevANapiGroFlushTimeout = 6;    // Nanoseconds.
inline constexpr std::uint16_t kNetdevANapiIrqSuspendTimeout = 7;  // Nanoseconds.
inline constexpr std::uint16_t kNetdevANapiThreaded = 8;           // Since Linux 6.17.

inline constexpr std::uint16_t kNetdevAQstatsIfindex = 1;
inline constexpr std::uint16_t kNetdevAQstatsQueueType = 2;
inline constexpr std::uint16_t kNetdevAQstatsQueueId = 3;
inline constexpr std::uint16_t kNetdevAQstatsScope = 4;
inline constexpr std::uint64_t kNetdevQstatsScopeQueue = 1;
inline constexpr std::uint16_t kNetdevAQstatsRxPackets = 8;
inline constexpr std::uint16_t kNetdevAQstatsRxBytes = 9;
inline constexpr std::uint16_t kNetdevAQstatsTxPackets = 10;
inline constexpr std::uint16_t kNetdevAQstatsTxBytes = 11;
inline constexpr std::uint16_t kNetdevAQstatsRxAllocFail = 12;
inline constexpr std::uint16_t kNetdevAQstatsRxHwDrops = 13;  // Since Linux 6.10, as the next.
inline constexpr std::uint16_t kNetdevAQstatsRxHwDropOverruns = 14;
inline constexpr std::uint16_t kNetdevAQstatsRxCsumComplete = 15;
inline constexpr std::uint16_t kNetdevAQstatsRxCsumUnnecessary = 16;
inline constexpr std::uint16_t kNetdevAQstatsRxCsumNone = 17;
inline constexpr std::uint16_t kNetdevAQstatsRxCsumBad = 18;
inline constexpr std::uint16_t kNetdevAQstatsRxHwGroPackets = 19;
inline constexpr std::uint16_t kNetdevAQstatsRxHwGroBytes = 20;
inline constexpr std::uint16_t kNetdevAQstatsRxHwGroWirePackets = 21;
inline constexpr std::uint16_t kNetdevAQstatsRxHwGroWireBytes = 22;
inline constexpr std::uint16_t kNetdevAQstatsRxHwDropRatelimits = 23;
inline constexpr std::uint16_t kNetdevAQstatsTxHwDrops = 24;
inline constexpr std::uint16_t kNetdevAQstatsTxHwDropErrors = 25;
inline constexpr std::uint16_t kNetdevAQstatsTxCsumNone = 26;
inline constexpr std::uint16_t kNetdevAQstatsTxNeedsCsum = 27;
inline constexpr std::uint16_t kNetdevAQstatsTxHwGsoPackets = 28;
inline constexpr std::uint16_t kNetdevAQstatsTxHwGsoBytes = 29;
inline constexpr std::uint16_t kNetdevAQstatsTxHwGsoWirePackets = 30;
inline constexpr std::uint16_t kNetdevAQstatsTxHwGsoWireBytes = 31;
inline constexpr std::uint16_t kNetdevAQstatsTxHwDropRatelimits = 32;
inline constexpr std::uint16_t kNetdevAQstatsTxStop = 33;
inline constexpr std::uint16_t kNetdevAQstatsTxWake = 34;

}  // namespace netstack::nlabi
