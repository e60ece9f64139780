#include "collectors/ethtool/setting_rows.h"

#include <linux/ethtool_netlink.h>

#include <array>

#include "kernel/netlink/nlabi.h"

namespace netstack::ethtool {
namespace {

// ethtool.pause.rx is on the transmit path: a pause frame received stops the sending here, one sent
// stops the peer.
constexpr auto kSettings = std::to_array<SettingRow>({
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_RX, Path::kReceive, Stage::kRing, "ethtool.rings.rx",
     "current", "descriptors", Tier::kCore},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_RX_MAX, Path::kReceive, Stage::kRing,
     "ethtool.rings.rx", "max", "descriptors", Tier::kCore},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_RX_MINI, Path::kReceive, Stage::kRing,
     "ethtool.rings.rx-mini", "current", "descriptors"},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_RX_MINI_MAX, Path::kReceive, Stage::kRing,
     "ethtool.rings.rx-mini", "max", "descriptors"},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_RX_JUMBO, Path::kReceive, Stage::kRing,
     "ethtool.rings.rx-jumbo", "current", "descriptors"},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_RX_JUMBO_MAX, Path::kReceive, Stage::kRing,
     "ethtool.rings.rx-jumbo", "max", "descriptors"},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_TX, Path::kTransmit, Stage::kRing, "ethtool.rings.tx",
     "current", "descriptors", Tier::kCore},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_TX_MAX, Path::kTransmit, Stage::kRing,
     "ethtool.rings.tx", "max", "descriptors", Tier::kCore},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_RX_BUF_LEN, Path::kReceive, Stage::kRing,
     "ethtool.rings.rx-buf-len", "current", "bytes"},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_CQE_SIZE, Path::kReceive, Stage::kRing,
     "ethtool.rings.cqe-size", "current", "bytes"},
    {ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_TX_PUSH, Path::kTransmit, Stage::kRing,
     "ethtool.rings.tx-push", "current", "boolean"},
    {ETHTOOL_MSG_RINGS_GET, nlabi::kEthtoolARingsRxPush, Path::kReceive, Stage::kRing,
     "ethtool.rings.rx-push", "current", "boolean"},
    {ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_A_CHANNELS_RX_COUNT, Path::kReceive, Stage::kRing,
     "ethtool.channels.rx", "current", "channels"},
    {ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_A_CHANNELS_RX_MAX, Path::kReceive, Stage::kRing,
     "ethtool.channels.rx", "max", "channels", Tier::kCore},
    {ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_A_CHANNELS_TX_COUNT, Path::kTransmit, Stage::kQueue,
     "ethtool.channels.tx", "current", "channels"},
    {ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_A_CHANNELS_TX_MAX, Path::kTransmit, Stage::kQueue,
     "ethtool.channels.tx", "max", "channels", Tier::kCore},
    {ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_A_CHANNELS_COMBINED_COUNT, Path::kReceive, Stage::kRing,
     "ethtool.channels.combined", "current", "channels"},
    {ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_A_CHANNELS_COMBINED_MAX, Path::kReceive, Stage::kRing,
     "ethtool.channels.combined", "max", "channels", Tier::kCore},
    {ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_A_CHANNELS_OTHER_COUNT, Path::kReceive, Stage::kIrq,
     "ethtool.channels.other", "current", "channels"},
    {ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_A_CHANNELS_OTHER_MAX, Path::kReceive, Stage::kIrq,
     "ethtool.channels.other", "max", "channels"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_RX_USECS, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-usecs", "current", "microseconds", Tier::kCore},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_TX_USECS, Path::kTransmit, Stage::kCompletion,
     "ethtool.coalesce.tx-usecs", "current", "microseconds", Tier::kCore},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_RX_MAX_FRAMES, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-frames", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_TX_MAX_FRAMES, Path::kTransmit,
     Stage::kCompletion, "ethtool.coalesce.tx-frames", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_RX_USECS_IRQ, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-usecs-irq", "current", "microseconds"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_TX_USECS_IRQ, Path::kTransmit, Stage::kCompletion,
     "ethtool.coalesce.tx-usecs-irq", "current", "microseconds"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_RX_MAX_FRAMES_IRQ, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-frames-irq", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_TX_MAX_FRAMES_IRQ, Path::kTransmit,
     Stage::kCompletion, "ethtool.coalesce.tx-frames-irq", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_RX_USECS_LOW, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-usecs-low", "current", "microseconds"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_TX_USECS_LOW, Path::kTransmit, Stage::kCompletion,
     "ethtool.coalesce.tx-usecs-low", "current", "microseconds"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_RX_MAX_FRAMES_LOW, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-frames-low", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_TX_MAX_FRAMES_LOW, Path::kTransmit,
     Stage::kCompletion, "ethtool.coalesce.tx-frames-low", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_RX_USECS_HIGH, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-usecs-high", "current", "microseconds"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_TX_USECS_HIGH, Path::kTransmit,
     Stage::kCompletion, "ethtool.coalesce.tx-usecs-high", "current", "microseconds"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_RX_MAX_FRAMES_HIGH, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-frames-high", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_TX_MAX_FRAMES_HIGH, Path::kTransmit,
     Stage::kCompletion, "ethtool.coalesce.tx-frames-high", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_USE_ADAPTIVE_RX, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.adaptive-rx", "current", "boolean", Tier::kCore},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_USE_CQE_MODE_RX, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.cqe-mode-rx", "current", "boolean"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_USE_ADAPTIVE_TX, Path::kTransmit,
     Stage::kCompletion, "ethtool.coalesce.adaptive-tx", "current", "boolean", Tier::kCore},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_USE_CQE_MODE_TX, Path::kTransmit,
     Stage::kCompletion, "ethtool.coalesce.cqe-mode-tx", "current", "boolean"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_PKT_RATE_LOW, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.pkt-rate-low", "current", "packets_per_second"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_PKT_RATE_HIGH, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.pkt-rate-high", "current", "packets_per_second"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_RATE_SAMPLE_INTERVAL, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.sample-interval", "current", "seconds"},
    {ETHTOOL_MSG_COALESCE_GET, ETHTOOL_A_COALESCE_STATS_BLOCK_USECS, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.stats-block-usecs", "current", "microseconds"},
    {ETHTOOL_MSG_COALESCE_GET, nlabi::kEthtoolACoalesceTxAggrMaxBytes, Path::kTransmit,
     Stage::kRing, "ethtool.coalesce.tx-aggr-max-bytes", "current", "bytes"},
    {ETHTOOL_MSG_COALESCE_GET, nlabi::kEthtoolACoalesceTxAggrMaxFrames, Path::kTransmit,
     Stage::kRing, "ethtool.coalesce.tx-aggr-max-frames", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, nlabi::kEthtoolACoalesceTxAggrTimeUsecs, Path::kTransmit,
     Stage::kRing, "ethtool.coalesce.tx-aggr-time-usecs", "current", "microseconds"},
    {ETHTOOL_MSG_COALESCE_GET, nlabi::kEthtoolACoalesceRxCqeFrames, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-cqe-frames", "current", "packets"},
    {ETHTOOL_MSG_COALESCE_GET, nlabi::kEthtoolACoalesceRxCqeNsecs, Path::kReceive, Stage::kIrq,
     "ethtool.coalesce.rx-cqe-nsecs", "current", "nanoseconds"},
    {ETHTOOL_MSG_PAUSE_GET, ETHTOOL_A_PAUSE_AUTONEG, Path::kReceive, Stage::kWire,
     "ethtool.pause.autoneg", "current", "boolean"},
    {ETHTOOL_MSG_PAUSE_GET, ETHTOOL_A_PAUSE_RX, Path::kTransmit, Stage::kWire, "ethtool.pause.rx",
     "current", "boolean"},
    {ETHTOOL_MSG_PAUSE_GET, ETHTOOL_A_PAUSE_TX, Path::kReceive, Stage::kWire, "ethtool.pause.tx",
     "current", "boolean"},
});

constexpr bool kDetail = true;
constexpr auto kFeatures = std::to_array<FeatureRow>({
    {"rx-gro", "ethtool.features.rx-gro", Path::kReceive, Stage::kNapi},
    {"rx-gro-hw", "ethtool.features.rx-gro-hw", Path::kReceive, Stage::kNapi, kDetail},
    {"rx-gro-list", "ethtool.features.rx-gro-list", Path::kReceive, Stage::kNapi, kDetail},
    {"rx-udp-gro-forwarding", "ethtool.features.rx-udp-gro-forwarding", Path::kReceive,
     Stage::kNapi, kDetail},
    {"rx-lro", "ethtool.features.rx-lro", Path::kReceive, Stage::kNapi},
    {"rx-checksum", "ethtool.features.rx-checksum", Path::kReceive, Stage::kIp},
    {"rx-hashing", "ethtool.features.rx-hashing", Path::kReceive, Stage::kBacklog, kDetail},
    {"tx-tcp-segmentation", "ethtool.features.tx-tcp-segmentation", Path::kTransmit, Stage::kQueue},
    {"tx-tcp6-segmentation", "ethtool.features.tx-tcp6-segmentation", Path::kTransmit,
     Stage::kQueue, kDetail},
    {"tx-generic-segmentation", "ethtool.features.tx-generic-segmentation", Path::kTransmit,
     Stage::kQueue},
    {"tx-udp-segmentation", "ethtool.features.tx-udp-segmentation", Path::kTransmit, Stage::kQueue,
     kDetail},
    {"tx-checksum-ip-generic", "ethtool.features.tx-checksum-ip-generic", Path::kTransmit,
     Stage::kQueue},
    {"tx-checksum-ipv4", "ethtool.features.tx-checksum-ipv4", Path::kTransmit, Stage::kQueue},
    {"tx-checksum-ipv6", "ethtool.features.tx-checksum-ipv6", Path::kTransmit, Stage::kQueue,
     kDetail},
    {"tx-scatter-gather", "ethtool.features.tx-scatter-gather", Path::kTransmit, Stage::kQueue,
     kDetail},
});

}  // namespace

std::span<const SettingRow> SettingRows() {
  return kSettings;
}

std::span<const FeatureRow> FeatureRows() {
  return kFeatures;
}

}  // namespace netstack::ethtool
