#include <array>

#include "collectors/nic/stat_rows.h"

// The drivers of the cards of virtual machines, and veth.
namespace netstack::nic {
namespace {

using enum Direction;

constexpr auto kRows = std::to_array<StatRow>({
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
    {"ena", "queue_#_rx_bad_csum", kEvents, kReceive, "bad_checksum"},  // Before Linux 5.19.
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
    {"gve", "rx_queue_drop_cnt[#]", kRingOverruns, kReceive},
    {"gve", "rx_dropped_pkt[#]", kDrops, kReceive, "dropped"},
    {"gve", "rx_no_buffers_posted[#]", kRingOverruns, kReceive},
    {"gve", "rx_desc_err_dropped_pkt", kDrops, kReceive, "error"},
    {"gve", "rx_skb_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"gve", "rx_buf_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"gve", "page_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"gve", "dma_mapping_error", kEvents, kReceive, "dma_failed"},
    {"gve", "tx_dropped", kDrops, kTransmit, "dropped"},
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
    {"hv_netvsc", "vlan_error", kDrops, kTransmit, "vlan"},
    {"hv_netvsc", "vf_tx_dropped", kDrops, kTransmit, "dropped"},
    {"hv_netvsc", "tx_no_space", kEvents, kTransmit, "ring_full"},
    {"hv_netvsc", "tx_send_full", kEvents, kTransmit, "ring_full"},
    {"hv_netvsc", "tx_busy", kEvents, kTransmit, "busy"},
    {"hv_netvsc", "stop_queue", kEvents, kTransmit, "stop"},
    {"hv_netvsc", "wake_queue", kEvents, kTransmit, "wake"},
    {"veth", "rx_queue_#_drops", kDrops, kReceive, "dropped"},
    {"veth", "rx_queue_#_xdp_drops", kDrops, kReceive, "xdp_drop"},
    {"veth", "rx_queue_#_xdp_tx_errors", kDrops, kReceive, "xdp_transmit"},
    {"veth", "tx_queue_#_xdp_xmit_errors", kDrops, kTransmit, "xdp_redirect"},
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
    {"virtio_net", "rx#_hw_drop_overruns", kRingOverruns, kReceive},
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

}  // namespace

std::span<const StatRow> VirtualRows() {
  return kRows;
}

}  // namespace netstack::nic
