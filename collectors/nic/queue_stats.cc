#include "collectors/nic/queue_stats.h"

#include <algorithm>
#include <array>

#include "kernel/missing.h"
#include "kernel/netlink/nlabi.h"

namespace netstack::nic {
namespace {

using enum Direction;

// Overruns and rate limits are among the drops, which is why they are events beside them. Drivers
// that fill rx_missed_errors repeat there what overran; virtio_net does not.
constexpr auto kRows = std::to_array<QueueStatRow>({
    {nlabi::kNetdevAQstatsRxPackets, kPackets, kReceive},
    {nlabi::kNetdevAQstatsRxBytes, kBytes, kReceive},
    {nlabi::kNetdevAQstatsTxPackets, kPackets, kTransmit},
    {nlabi::kNetdevAQstatsTxBytes, kBytes, kTransmit},
    {nlabi::kNetdevAQstatsRxAllocFail, kEvents, kReceive, "alloc_failed"},
    {nlabi::kNetdevAQstatsRxHwDrops, kDrops, kReceive, "device_dropped"},
    {nlabi::kNetdevAQstatsRxHwDropOverruns, kRingOverruns, kReceive, {}, "virtio_net"},
    {nlabi::kNetdevAQstatsRxHwDropOverruns, kEvents, kReceive, "device_overrun"},
    {nlabi::kNetdevAQstatsRxHwDropRatelimits, kEvents, kReceive, "rate_limited"},
    {nlabi::kNetdevAQstatsRxCsumComplete, kOffloadPackets, kReceive, "checksum_complete"},
    {nlabi::kNetdevAQstatsRxCsumUnnecessary, kOffloadPackets, kReceive, "checksum_unnecessary"},
    {nlabi::kNetdevAQstatsRxCsumNone, kOffloadPackets, kReceive, "checksum_none"},
    {nlabi::kNetdevAQstatsRxCsumBad, kEvents, kReceive, "bad_checksum"},
    {nlabi::kNetdevAQstatsRxHwGroPackets, kOffloadPackets, kReceive, "hw_gro"},
    {nlabi::kNetdevAQstatsRxHwGroBytes, kOffloadBytes, kReceive, "hw_gro"},
    {nlabi::kNetdevAQstatsRxHwGroWirePackets, kOffloadPackets, kReceive, "hw_gro_wire"},
    {nlabi::kNetdevAQstatsRxHwGroWireBytes, kOffloadBytes, kReceive, "hw_gro_wire"},
    {nlabi::kNetdevAQstatsTxHwDrops, kDrops, kTransmit, "device_dropped"},
    {nlabi::kNetdevAQstatsTxHwDropErrors, kEvents, kTransmit, "device_error"},
    {nlabi::kNetdevAQstatsTxHwDropRatelimits, kEvents, kTransmit, "rate_limited"},
    {nlabi::kNetdevAQstatsTxCsumNone, kOffloadPackets, kTransmit, "checksum_none"},
    {nlabi::kNetdevAQstatsTxNeedsCsum, kOffloadPackets, kTransmit, "needs_checksum"},
    {nlabi::kNetdevAQstatsTxHwGsoPackets, kOffloadPackets, kTransmit, "hw_gso"},
    {nlabi::kNetdevAQstatsTxHwGsoBytes, kOffloadBytes, kTransmit, "hw_gso"},
    {nlabi::kNetdevAQstatsTxHwGsoWirePackets, kOffloadPackets, kTransmit, "hw_gso_wire"},
    {nlabi::kNetdevAQstatsTxHwGsoWireBytes, kOffloadBytes, kTransmit, "hw_gso_wire"},
    {nlabi::kNetdevAQstatsTxStop, kEvents, kTransmit, "stop"},
    {nlabi::kNetdevAQstatsTxWake, kEvents, kTransmit, "wake"},
});

}  // namespace

const QueueStatRow* FindQueueStatRow(std::uint16_t attribute, std::string_view driver) {
  const QueueStatRow* found = nullptr;
  for (const QueueStatRow& row : kRows) {
    if (row.attribute != attribute) continue;
    if (row.driver == driver) return &row;
    if (row.driver.empty()) found = &row;
  }
  return found;
}

QueueStats::QueueStats(NetlinkSource& source) : family_(source) {
  visit_ = [this](const NetdevMessage& message) { Visit(message); };
  restart_ = [this] { stats_.clear(); };
}

Status QueueStats::Update() {
  stats_.clear();
  const Status asked =
      family_.Dump(nlabi::kNetdevCmdQstatsGet,
                   static_cast<std::uint32_t>(nlabi::kNetdevQstatsScopeQueue), visit_, restart_);
  if (!asked) {
    stats_.clear();
    return IsMissing(asked.error()) ? Status() : asked;
  }
  // The kernel goes device by device.
  if (!std::ranges::is_sorted(stats_, {}, &QueueStat::device)) {
    std::ranges::stable_sort(stats_, {}, &QueueStat::device);
  }
  return {};
}

void QueueStats::Visit(const NetdevMessage& message) {
  const auto device = message.Get(nlabi::kNetdevAQstatsIfindex);
  const auto queue = message.Get(nlabi::kNetdevAQstatsQueueId);
  if (!device || !queue || *queue > UINT16_MAX) return;
  for (std::uint16_t type = nlabi::kNetdevAQstatsRxPackets; type < NetdevMessage::kMostTypes;
       ++type) {
    if (const auto value = message.Get(type)) {
      stats_.push_back({.device = *device,
                        .queue = static_cast<std::uint32_t>(*queue),
                        .attribute = type,
                        .value = *value});
    }
  }
}

std::span<const QueueStat> QueueStats::Of(std::uint64_t device) const {
  // Not equal_range: clang 14 has no subrange of this library.
  const auto first = std::ranges::lower_bound(stats_, device, {}, &QueueStat::device);
  const auto last = std::ranges::upper_bound(stats_, device, {}, &QueueStat::device);
  return {first, last};
}

}  // namespace netstack::nic
