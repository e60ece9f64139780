#pragma once

#include <array>

#include "collectors/shared_families.h"
#include "model/family.h"

namespace netstack::ethtool {

inline constexpr auto kFamilies = std::to_array<Family>({
    kTunableFamily,
    {.name = "netstack_ethtool_receive_coalesce_seconds",
     .path = Path::kReceive,
     .stage = Stage::kIrq,
     .role = Role::kTunable,
     .labels = {"device", "parameter"},
     .help = "Longest time for which a device holds back an interrupt for received frames.",
     .source = "ethtool netlink COALESCE_GET rx-usecs, -irq, -low and -high",
     .reading = "Longer: fewer interrupts, more latency and more frames waiting in the ring. With "
                "adaptive coalescing the driver changes it as it goes."},
    {.name = "netstack_ethtool_transmit_coalesce_seconds",
     .path = Path::kTransmit,
     .stage = Stage::kCompletion,
     .role = Role::kTunable,
     .labels = {"device", "parameter"},
     .help = "Longest time for which a device holds back an interrupt for frames sent.",
     .source = "ethtool netlink COALESCE_GET tx-usecs, -irq, -low and -high",
     .reading = "Longer: sent packets hold their memory and their place in the ring and in the "
                "byte queue limit for longer."},
    {.name = "netstack_ethtool_rss_queues",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .role = Role::kTunable,
     .labels = {"device"},
     .help = "Receive queues that the table of receive side scaling sends packets to.",
     .source = "ethtool netlink RSS_GET, since Linux 6.2",
     .reading = "Fewer than the receive queues: some of them get nothing."},
    {.name = "netstack_ethtool_rss_largest_share_ratio",
     .path = Path::kReceive,
     .stage = Stage::kRing,
     .role = Role::kTunable,
     .labels = {"device"},
     .help = "Share of the table of receive side scaling that the most favoured queue has.",
     .source = "ethtool netlink RSS_GET, since Linux 6.2",
     .reading = "More than 1/queues: the table is uneven, and one queue's CPU gets more flows."},
    {.name = "netstack_ethtool_pause_frames_received_total",
     .type = MetricType::kCounter,
     .path = Path::kTransmit,
     .stage = Stage::kWire,
     .role = Role::kPressure,
     .labels = {"device"},
     .help = "Pause frames received: the peer asked this device to stop sending for a while.",
     .source = "ethtool netlink PAUSE_GET with statistics, since Linux 5.9; few drivers",
     .reading = "Rising: the switch or the peer is full, and what is sent here waits."},
    {.name = "netstack_ethtool_pause_frames_sent_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kWire,
     .role = Role::kPressure,
     .labels = {"device"},
     .help = "Pause frames sent: this device asked its peer to stop for a while.",
     .source = "ethtool netlink PAUSE_GET with statistics, since Linux 5.9; few drivers",
     .reading = "Rising: the device's own buffer fills because the ring is not emptied in time."},
    {.name = "netstack_ethtool_link_down_events_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kWire,
     .width = Width::k32,
     .labels = {"device"},
     .help = "Losses of the physical link as the driver counts them, seen by the kernel or not.",
     .source = "ethtool netlink LINKSTATE_GET, since Linux 6.2; few drivers"},
    {.name = "netstack_ethtool_settings_age_seconds",
     .labels = {"device"},
     .help = "Time since the device's settings were read.",
     .source = "The exporter's own clock.",
     .reading = "Settings are read at start, when the kernel tells of a change, and when older "
                "than settings-max-age. More than that: they cannot be read any more."},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table.
enum FamilyIndex : std::size_t {
  kTunable,
  kReceiveCoalesce,
  kTransmitCoalesce,
  kRssQueues,
  kRssLargestShare,
  kPauseReceived,
  kPauseSent,
  kLinkDownEvents,
  kSettingsAge,
};
static_assert(kFamilies[kSettingsAge].name == "netstack_ethtool_settings_age_seconds");

}  // namespace netstack::ethtool
