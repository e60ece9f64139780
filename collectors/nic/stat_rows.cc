#include "collectors/nic/stat_rows.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>

namespace netstack::nic {
namespace {

using enum Direction;

// From the drivers' sources of Linux 6.1 to 6.12. A total of the device that the driver puts into
// rtnl_link_stats64 too (rx_missed_errors of e1000e) is not here: netstack_link_* has it.
constexpr auto kRows = std::to_array<StatRow>({
    {"bnxt_en", "[#]: rx_ucast_packets", kPackets, kReceive},
    {"bnxt_en", "[#]: rx_ucast_bytes", kBytes, kReceive},
    {"bnxt_en", "[#]: tx_ucast_packets", kPackets, kTransmit},
    {"bnxt_en", "[#]: tx_ucast_bytes", kBytes, kTransmit},
    {"bnxt_en", "[#]: rx_mcast_packets", kPackets, kReceive},
    {"bnxt_en", "[#]: rx_mcast_bytes", kBytes, kReceive},
    {"bnxt_en", "[#]: tx_mcast_packets", kPackets, kTransmit},
    {"bnxt_en", "[#]: tx_mcast_bytes", kBytes, kTransmit},
    {"bnxt_en", "[#]: rx_bcast_packets", kPackets, kReceive},
    {"bnxt_en", "[#]: rx_bcast_bytes", kBytes, kReceive},
    {"bnxt_en", "[#]: tx_bcast_packets", kPackets, kTransmit},
    {"bnxt_en", "[#]: tx_bcast_bytes", kBytes, kTransmit},
    {"bnxt_en", "[#]: rx_discards", kDrops, kReceive, "no_buffer"},
    {"bnxt_en", "[#]: rx_errors", kDrops, kReceive, "error"},
    {"bnxt_en", "[#]: tx_discards", kDrops, kTransmit, "discard"},
    {"bnxt_en", "[#]: tx_errors", kDrops, kTransmit, "error"},
    {"bnxt_en", "[#]: missed_irqs", kEvents, kReceive, "missed_interrupt"},
    {"bnxt_en", "rx_total_oom_discards", kDrops, kReceive, "no_memory"},
    {"e1000e", "rx_no_buffer_count", kEvents, kReceive, "no_buffer"},
    {"e1000e", "alloc_rx_buff_failed", kEvents, kReceive, "alloc_failed"},
    {"e1000e", "tx_restart_queue", kEvents, kTransmit, "restart"},
    {"e1000e", "tx_timeout_count", kEvents, kTransmit, "timeout"},
    {"e1000e", "tx_dma_failed", kEvents, kTransmit, "dma_failed"},
    {"e1000e", "rx_dma_failed", kEvents, kReceive, "dma_failed"},
    {"ena", "queue_#_tx_cnt", kPackets, kTransmit},
    {"ena", "queue_#_tx_bytes", kBytes, kTransmit},
    {"ena", "queue_#_rx_cnt", kPackets, kReceive},
    {"ena", "queue_#_rx_bytes", kBytes, kReceive},
    {"ena", "queue_#_tx_queue_stop", kEvents, kTransmit, "stop"},
    {"ena", "queue_#_tx_queue_wakeup", kEvents, kTransmit, "wake"},
    {"ena", "queue_#_tx_missed_tx", kEvents, kTransmit, "missed_completion"},
    {"ena", "queue_#_rx_empty_rx_ring", kEvents, kReceive, "ring_empty"},
    {"ena", "queue_#_rx_page_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"ena", "queue_#_rx_skb_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"ena", "queue_#_rx_refil_partial", kEvents, kReceive, "refill_partial"},
    {"ena", "queue_#_rx_csum_bad", kEvents, kReceive, "bad_checksum"},
    {"ena", "tx_timeout", kEvents, kTransmit, "timeout"},
    {"ena", "bw_in_allowance_exceeded", kEvents, kReceive, "bw_in_allowance_exceeded"},
    {"ena", "bw_out_allowance_exceeded", kEvents, kTransmit, "bw_out_allowance_exceeded"},
    {"ena", "pps_allowance_exceeded", kEvents, kReceive, "pps_allowance_exceeded"},
    {"ena", "conntrack_allowance_exceeded", kEvents, kReceive, "conntrack_allowance_exceeded"},
    {"ena", "linklocal_allowance_exceeded", kEvents, kReceive, "linklocal_allowance_exceeded"},
    {"gve", "rx_packets[#]", kPackets, kReceive},
    {"gve", "rx_bytes[#]", kBytes, kReceive},
    {"gve", "tx_packets[#]", kPackets, kTransmit},
    {"gve", "tx_bytes[#]", kBytes, kTransmit},
    {"gve", "rx_queue_drop_cnt[#]", kDrops, kReceive, "queue_full"},
    {"gve", "rx_dropped_pkt[#]", kDrops, kReceive, "dropped"},
    {"gve", "rx_no_buffers_posted[#]", kEvents, kReceive, "no_buffer"},
    {"gve", "tx_stop[#]", kEvents, kTransmit, "stop"},
    {"gve", "tx_wake[#]", kEvents, kTransmit, "wake"},
    {"gve", "tx_timeouts", kEvents, kTransmit, "timeout"},
    {"hv_netvsc", "rx_queue_#_packets", kPackets, kReceive},
    {"hv_netvsc", "rx_queue_#_bytes", kBytes, kReceive},
    {"hv_netvsc", "tx_queue_#_packets", kPackets, kTransmit},
    {"hv_netvsc", "tx_queue_#_bytes", kBytes, kTransmit},
    {"hv_netvsc", "rx_no_memory", kDrops, kReceive, "no_memory"},
    {"hv_netvsc", "rx_comp_busy", kEvents, kReceive, "completion_busy"},
    {"hv_netvsc", "tx_no_memory", kDrops, kTransmit, "no_memory"},
    {"hv_netvsc", "tx_too_big", kDrops, kTransmit, "too_big"},
    {"hv_netvsc", "tx_send_full", kEvents, kTransmit, "ring_full"},
    {"hv_netvsc", "tx_busy", kEvents, kTransmit, "busy"},
    {"hv_netvsc", "stop_queue", kEvents, kTransmit, "stop"},
    {"hv_netvsc", "wake_queue", kEvents, kTransmit, "wake"},
    {"i40e", "rx-#.packets", kPackets, kReceive},
    {"i40e", "rx-#.bytes", kBytes, kReceive},
    {"i40e", "tx-#.packets", kPackets, kTransmit},
    {"i40e", "tx-#.bytes", kBytes, kTransmit},
    {"i40e", "rx-#.rx_packets", kPackets, kReceive},  // Before Linux 4.18.
    {"i40e", "rx-#.rx_bytes", kBytes, kReceive},
    {"i40e", "tx-#.tx_packets", kPackets, kTransmit},
    {"i40e", "tx-#.tx_bytes", kBytes, kTransmit},
    {"i40e", "tx_busy", kEvents, kTransmit, "busy"},
    {"i40e", "tx_restart", kEvents, kTransmit, "restart"},
    {"i40e", "tx_timeout", kEvents, kTransmit, "timeout"},
    {"i40e", "rx_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"i40e", "rx_pg_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"iavf", "rx-#.packets", kPackets, kReceive},
    {"iavf", "rx-#.bytes", kBytes, kReceive},
    {"iavf", "tx-#.packets", kPackets, kTransmit},
    {"iavf", "tx-#.bytes", kBytes, kTransmit},
    {"iavf", "tx_busy", kEvents, kTransmit, "busy"},
    {"iavf", "tx_restart", kEvents, kTransmit, "restart"},
    {"iavf", "tx_timeout", kEvents, kTransmit, "timeout"},
    {"iavf", "rx_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"iavf", "rx_pg_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"i40e", "port.tx_dropped_link_down", kDrops, kTransmit, "link_down"},
    {"ice", "rx_queue_#_packets", kPackets, kReceive},
    {"ice", "rx_queue_#_bytes", kBytes, kReceive},
    {"ice", "tx_queue_#_packets", kPackets, kTransmit},
    {"ice", "tx_queue_#_bytes", kBytes, kTransmit},
    {"ice", "rx_dropped.nic", kDrops, kReceive, "no_buffer"},
    {"ice", "rx_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"ice", "rx_pg_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"ice", "tx_busy", kEvents, kTransmit, "busy"},
    {"ice", "tx_restart", kEvents, kTransmit, "restart"},
    {"ice", "tx_dropped_link_down.nic", kDrops, kTransmit, "link_down"},
    {"ice", "tx_timeout.nic", kEvents, kTransmit, "timeout"},
    {"igb", "rx_queue_#_packets", kPackets, kReceive},
    {"igb", "rx_queue_#_bytes", kBytes, kReceive},
    {"igb", "tx_queue_#_packets", kPackets, kTransmit},
    {"igb", "tx_queue_#_bytes", kBytes, kTransmit},
    {"igb", "rx_queue_#_drops", kDrops, kReceive, "no_descriptor"},
    {"igb", "rx_queue_#_csum_err", kEvents, kReceive, "bad_checksum"},
    {"igb", "rx_queue_#_alloc_failed", kEvents, kReceive, "alloc_failed"},
    {"igb", "tx_queue_#_restart", kEvents, kTransmit, "restart"},
    {"igb", "rx_no_buffer_count", kEvents, kReceive, "no_buffer"},
    {"igb", "tx_timeout_count", kEvents, kTransmit, "timeout"},
    {"igc", "rx_queue_#_packets", kPackets, kReceive},
    {"igc", "rx_queue_#_bytes", kBytes, kReceive},
    {"igc", "tx_queue_#_packets", kPackets, kTransmit},
    {"igc", "tx_queue_#_bytes", kBytes, kTransmit},
    {"igc", "rx_queue_#_drops", kDrops, kReceive, "no_descriptor"},
    {"igc", "rx_queue_#_csum_err", kEvents, kReceive, "bad_checksum"},
    {"igc", "rx_queue_#_alloc_failed", kEvents, kReceive, "alloc_failed"},
    {"igc", "tx_queue_#_restart", kEvents, kTransmit, "restart"},
    {"igc", "rx_no_buffer_count", kEvents, kReceive, "no_buffer"},
    {"igc", "tx_timeout_count", kEvents, kTransmit, "timeout"},
    {"ixgbe", "rx_queue_#_packets", kPackets, kReceive},
    {"ixgbe", "rx_queue_#_bytes", kBytes, kReceive},
    {"ixgbe", "tx_queue_#_packets", kPackets, kTransmit},
    {"ixgbe", "tx_queue_#_bytes", kBytes, kTransmit},
    {"ixgbe", "rx_no_dma_resources", kDrops, kReceive, "no_descriptor"},
    {"ixgbe", "alloc_rx_page_failed", kEvents, kReceive, "alloc_failed"},
    {"ixgbe", "alloc_rx_buff_failed", kEvents, kReceive, "alloc_failed"},
    {"ixgbe", "tx_busy", kEvents, kTransmit, "busy"},
    {"ixgbe", "tx_restart_queue", kEvents, kTransmit, "restart"},
    {"ixgbe", "tx_timeout_count", kEvents, kTransmit, "timeout"},
    {"mlx4_core", "rx#_packets", kPackets, kReceive},
    {"mlx4_core", "rx#_bytes", kBytes, kReceive},
    {"mlx4_core", "tx#_packets", kPackets, kTransmit},
    {"mlx4_core", "tx#_bytes", kBytes, kTransmit},
    {"mlx4_core", "rx#_dropped", kDrops, kReceive, "dropped"},
    {"mlx4_core", "queue_stopped", kEvents, kTransmit, "stop"},
    {"mlx4_core", "wake_queue", kEvents, kTransmit, "wake"},
    {"mlx4_core", "tx_timeout", kEvents, kTransmit, "timeout"},
    {"mlx5_core", "rx#_packets", kPackets, kReceive},
    {"mlx5_core", "rx#_bytes", kBytes, kReceive},
    {"mlx5_core", "tx#_packets", kPackets, kTransmit},
    {"mlx5_core", "tx#_bytes", kBytes, kTransmit},
    {"mlx5_core", "rx_discards_phy", kDrops, kReceive, "port_buffer_full"},
    {"mlx5_core", "rx#_buff_alloc_err", kEvents, kReceive, "alloc_failed"},
    {"mlx5_core", "rx#_wqe_err", kEvents, kReceive, "bad_descriptor"},
    {"mlx5_core", "tx#_stopped", kEvents, kTransmit, "stop"},
    {"mlx5_core", "tx#_wake", kEvents, kTransmit, "wake"},
    {"mlx5_core", "tx#_dropped", kDrops, kTransmit, "dropped"},
    {"mlx5_core", "tx_discards_phy", kDrops, kTransmit, "port_discard"},
    {"mlx5_core", "tx#_recover", kEvents, kTransmit, "recover"},
    {"mlx5_core", "ch#_eq_rearm", kEvents, kReceive, "interrupt_lost"},
    {"r8169", "tx_underrun", kDrops, kTransmit, "underrun"},
    {"tg3", "rxbds_empty", kEvents, kReceive, "ring_empty"},
    {"tg3", "mbuf_lwm_thresh_hit", kEvents, kReceive, "buffer_low"},
    {"tg3", "tx_discards", kDrops, kTransmit, "discard"},
    {"tg3", "tx_comp_queue_full", kEvents, kTransmit, "completion_full"},
    {"veth", "rx_queue_#_drops", kDrops, kReceive, "dropped"},
    {"veth", "rx_queue_#_xdp_drops", kDrops, kReceive, "xdp_drop"},
    {"virtio_net", "rx_queue_#_packets", kPackets, kReceive},
    {"virtio_net", "rx_queue_#_bytes", kBytes, kReceive},
    {"virtio_net", "tx_queue_#_packets", kPackets, kTransmit},
    {"virtio_net", "tx_queue_#_bytes", kBytes, kTransmit},
    {"virtio_net", "rx_queue_#_drops", kDrops, kReceive, "dropped"},
    {"virtio_net", "rx_queue_#_xdp_drops", kDrops, kReceive, "xdp_drop"},
    {"virtio_net", "rx#_drops", kDrops, kReceive, "dropped"},
    {"virtio_net", "rx#_xdp_drops", kDrops, kReceive, "xdp_drop"},
    {"virtio_net", "tx_queue_#_xdp_tx_drops", kDrops, kTransmit, "xdp_drop"},
    {"virtio_net", "tx_queue_#_tx_timeouts", kEvents, kTransmit, "timeout"},
    {"virtio_net", "tx#_xdp_tx_drops", kDrops, kTransmit, "xdp_drop"},
    {"virtio_net", "tx#_tx_timeouts", kEvents, kTransmit, "timeout"},
    {"virtio_net", "rx#_hw_drops", kDrops, kReceive, "device_dropped"},
    {"virtio_net", "rx#_hw_drop_overruns", kEvents, kReceive, "device_overrun"},
    {"vmxnet3", "rx:ucast pkts rx", kPackets, kReceive},
    {"vmxnet3", "rx:ucast bytes rx", kBytes, kReceive},
    {"vmxnet3", "rx:mcast pkts rx", kPackets, kReceive},
    {"vmxnet3", "rx:mcast bytes rx", kBytes, kReceive},
    {"vmxnet3", "rx:bcast pkts rx", kPackets, kReceive},
    {"vmxnet3", "rx:bcast bytes rx", kBytes, kReceive},
    {"vmxnet3", "tx:ucast pkts tx", kPackets, kTransmit},
    {"vmxnet3", "tx:ucast bytes tx", kBytes, kTransmit},
    {"vmxnet3", "tx:mcast pkts tx", kPackets, kTransmit},
    {"vmxnet3", "tx:mcast bytes tx", kBytes, kTransmit},
    {"vmxnet3", "tx:bcast pkts tx", kPackets, kTransmit},
    {"vmxnet3", "tx:bcast bytes tx", kBytes, kTransmit},
    {"vmxnet3", "rx:pkts rx OOB", kRingOverruns, kReceive},
    {"vmxnet3", "rx:pkts rx err", kDrops, kReceive, "error"},
    {"vmxnet3", "rx:drv dropped rx total", kDrops, kReceive, "dropped"},
    {"vmxnet3", "rx:rx buf alloc fail", kEvents, kReceive, "alloc_failed"},
    {"vmxnet3", "tx:pkts tx err", kDrops, kTransmit, "error"},
    {"vmxnet3", "tx:pkts tx discard", kDrops, kTransmit, "discard"},
    {"vmxnet3", "tx:drv dropped tx total", kDrops, kTransmit, "dropped"},
    {"vmxnet3", "tx:ring full", kEvents, kTransmit, "ring_full"},
    {"vmxnet3", "tx timeout count", kEvents, kTransmit, "timeout"},
});

// Whether `name` is `pattern`, and the number that its # stands for.
bool Matches(std::string_view name, std::string_view pattern, std::optional<std::uint32_t>& queue) {
  const std::size_t hash = pattern.find('#');
  if (hash == std::string_view::npos) return name == pattern;
  if (!name.starts_with(pattern.substr(0, hash))) return false;
  const std::string_view rest = name.substr(hash);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{} || number > UINT16_MAX) return false;
  if (rest.substr(static_cast<std::size_t>(end - rest.data())) != pattern.substr(hash + 1)) {
    return false;
  }
  queue = number;
  return true;
}

}  // namespace

std::string_view Slug(Direction direction) {
  return direction == kReceive ? "receive" : "transmit";
}

bool IsKnownDriver(std::string_view driver) {
  return std::ranges::find(kRows, driver, &StatRow::driver) != kRows.end();
}

std::optional<StatMeaning> MeaningOf(std::string_view driver, std::string_view name) {
  for (const StatRow& row : kRows) {
    std::optional<std::uint32_t> queue;
    if (row.driver == driver && Matches(name, row.pattern, queue)) {
      return StatMeaning{.row = &row, .queue = queue};
    }
  }
  return std::nullopt;
}

std::optional<Direction> SectionOf(std::string_view driver, std::string_view name) {
  if (driver != "vmxnet3") return std::nullopt;
  if (name == "Rx Queue#") return kReceive;
  if (name == "Tx Queue#") return kTransmit;
  return std::nullopt;
}

bool LooksLikeTrouble(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::ranges::any_of(
      std::to_array<std::string_view>(
          {"err", "drop", "over", "miss", "timeout", "reset", "restart", "collis"}),
      [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace netstack::nic
