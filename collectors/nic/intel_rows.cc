#include <array>

#include "collectors/nic/stat_rows.h"

// The drivers of the cards of Intel.
namespace netstack::nic {
namespace {

using enum Direction;

constexpr auto kRows = std::to_array<StatRow>({
    {"e1000e", "rx_no_buffer_count", kEvents, kReceive, "no_buffer"},
    {"e1000e", "alloc_rx_buff_failed", kEvents, kReceive, "alloc_failed"},
    {"e1000e", "tx_restart_queue", kEvents, kTransmit, "restart"},
    {"e1000e", "tx_timeout_count", kEvents, kTransmit, "timeout"},
    {"e1000e", "tx_dma_failed", kEvents, kTransmit, "dma_failed"},
    {"e1000e", "rx_dma_failed", kEvents, kReceive, "dma_failed"},
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
    // Lost in the packet buffer of the port; rx_missed_errors has what found no descriptor.
    {"i40e", "port.rx_discards", kRingOverruns, kReceive},
    {"i40e", "port.rx_dropped", kRingOverruns, kReceive},  // Before Linux 6.7.
    {"i40e", "veb.rx_discards", kDrops, kReceive, "switch_discard"},
    {"i40e", "veb.tx_discards", kDrops, kTransmit, "switch_discard"},
    {"i40e", "rx_unknown_protocol", kDrops, kReceive, "unknown_protocol"},
    {"i40e", "port.rx_csum_bad", kEvents, kReceive, "bad_checksum"},
    {"i40e", "port.illegal_bytes", kEvents, kReceive, "illegal_byte"},
    {"i40e", "port.mac_local_faults", kEvents, kReceive, "local_fault"},
    {"i40e", "port.mac_remote_faults", kEvents, kReceive, "remote_fault"},
    {"i40e", "port.tx_timeout", kEvents, kTransmit, "timeout"},
    {"i40e", "tx_stopped", kEvents, kTransmit, "stop"},
    {"i40e", "tx_linearize", kEvents, kTransmit, "linearize"},
    {"i40e", "tx_force_wb", kEvents, kTransmit, "write_back_forced"},
    {"ice", "rx_queue_#_packets", kPackets, kReceive},
    {"ice", "rx_queue_#_bytes", kBytes, kReceive},
    {"ice", "tx_queue_#_packets", kPackets, kTransmit},
    {"ice", "tx_queue_#_bytes", kBytes, kTransmit},
    // Lost in the packet buffer of the port; rx_dropped has what found no descriptor.
    {"ice", "rx_dropped.nic", kRingOverruns, kReceive},
    {"ice", "rx_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"ice", "rx_pg_alloc_fail", kEvents, kReceive, "alloc_failed"},
    {"ice", "tx_busy", kEvents, kTransmit, "busy"},
    {"ice", "tx_restart", kEvents, kTransmit, "restart"},
    {"ice", "tx_dropped_link_down.nic", kDrops, kTransmit, "link_down"},
    {"ice", "tx_timeout.nic", kEvents, kTransmit, "timeout"},
    {"ice", "rx_unknown_protocol", kDrops, kReceive, "unknown_protocol"},
    {"ice", "rx_csum_bad.nic", kEvents, kReceive, "bad_checksum"},
    {"ice", "illegal_bytes.nic", kEvents, kReceive, "illegal_byte"},
    {"ice", "mac_local_faults.nic", kEvents, kReceive, "local_fault"},
    {"ice", "mac_remote_faults.nic", kEvents, kReceive, "remote_fault"},
    {"ice", "tx_linearize", kEvents, kTransmit, "linearize"},
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
    {"ixgbe", "rx_no_dma_resources", kRingOverruns, kReceive},
    {"ixgbe", "rx_no_buffer_count", kEvents, kReceive, "no_buffer"},  // Of 82598 only.
    {"ixgbe", "rx_csum_offload_errors", kEvents, kReceive, "bad_checksum"},
    {"ixgbe", "fdir_overflow", kEvents, kReceive, "flow_director_full"},
    {"ixgbe", "alloc_rx_page_failed", kEvents, kReceive, "alloc_failed"},
    {"ixgbe", "alloc_rx_buff_failed", kEvents, kReceive, "alloc_failed"},
    {"ixgbe", "tx_busy", kEvents, kTransmit, "busy"},
    {"ixgbe", "tx_restart_queue", kEvents, kTransmit, "restart"},
    {"ixgbe", "tx_timeout_count", kEvents, kTransmit, "timeout"},
});

}  // namespace

std::span<const StatRow> IntelRows() {
  return kRows;
}

}  // namespace netstack::nic
