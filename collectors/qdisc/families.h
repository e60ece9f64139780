#pragma once

#include "collectors/qdisc/class_families.h"
#include "collectors/qdisc/kind_families.h"
#include "collectors/qdisc/queue_families.h"
#include "model/family.h"
#include "model/joined.h"

namespace netstack::qdisc {

inline constexpr auto kFamilies = Joined(kQueueFamilies, kKindFamilies, kClassFamilies);
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t {
  kBytes,
  kPackets,
  kDrops,
  kRequeues,
  kOverlimits,
  kQueueLength,
  kBacklog,
  kQueueLengthMax,
  kBacklogMax,
  kLimitPackets,
  kLimitBytes,
  kMemoryLimit,
  kMemoryUsage,
  kFillRatio,
  kIngressDrops,
  kClsactDrops,
  kFqThrottled,
  kFqFlowsPlimit,
  kFqHorizonDrops,
  kFqHorizonCaps,
  kFqAllocationErrors,
  kFqTcpRetrans,
  kFqTooLong,
  kFqCeMark,
  kFqFastpath,
  kFqFlowsCollected,
  kFqFlows,
  kFqInactiveFlows,
  kFqThrottledFlows,
  kFqUnthrottleLatency,
  kFqCodelOverlimit,
  kFqCodelOvermemory,
  kFqCodelEcnMark,
  kFqCodelCeMark,
  kFqCodelNewFlows,
  kFqCodelNewFlowsLength,
  kFqCodelOldFlowsLength,
  kCodelOverlimit,
  kCodelEcnMark,
  kCodelCeMark,
  kCodelDelay,
  kCodelDropping,
  kRedEarly,
  kRedLimit,
  kRedOther,
  kRedMarked,
  kPieDrops,
  kPieOverlimit,
  kPieOvermemory,
  kPieEcnMark,
  kPieDelay,
  kHtbDirect,
  kCakeMemoryPeak,
  kCakeTinDrops,
  kCakeTinAckDrops,
  kCakeTinEcnMark,
  kCakeTinBacklog,
  kCakeTinPeakDelay,
  kCakeTinAverageDelay,
  kClasses,
  kClassBytes,
  kClassPackets,
  kClassDrops,
  kClassOverlimits,
  kClassQueueLength,
  kClassBacklog,
  kClassRate,
  kClassCeiling,
  kClassHtbLends,
  kClassHtbBorrows,
  kClassHtbGiants,
};
static_assert(kFamilies[kClsactDrops].name == "netstack_qdisc_clsact_drops_total");
static_assert(kFamilies[kFqThrottled].name == "netstack_qdisc_fq_throttled_total");
static_assert(kFamilies[kHtbDirect].name == "netstack_qdisc_htb_direct_packets_total");
static_assert(kFamilies[kCakeTinAverageDelay].name ==
              "netstack_qdisc_cake_tin_average_delay_seconds");
static_assert(kFamilies[kClassHtbGiants].name == "netstack_qdisc_class_htb_giants_total");
static_assert(kFamilies.size() == kClassHtbGiants + 1);

}  // namespace netstack::qdisc
