// One lost packet is in many counters of the kernel. For each such overlap (the tables of
// tests/scenarios say which were provoked) the ledger moves exactly one cause, by the number of
// packets.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "exporter/path/overlaps_test_host.h"

namespace netstack {
namespace {

std::vector<Overlap> Received() {
  return {
      {"backlog overflow behind a veth",
       {{"netstack_softnet_dropped_total"},
        {"netstack_link_receive_dropped_total", "veth0"},
        {"netstack_link_transmit_dropped_total", "veth0"},
        {"netstack_udp_sndbuf_errors_total"},
        {"netstack_ip_out_discards_total"}},
       "loss receive/backlog/backlog_full"},
      {"backlog overflow of a device that steers its packets",
       {{"netstack_softnet_dropped_total"}, {"netstack_link_receive_dropped_total", "usb0"}},
       "loss receive/backlog/backlog_full"},
      {"flow limit",
       {{"netstack_softnet_dropped_total"}, {"netstack_softnet_flow_limit_total"}},
       "loss receive/backlog/flow_limit"},
      {"ring overrun of a driver that tells the link",
       {{"netstack_link_receive_missed_errors_total", "eth0"},
        {"netstack_link_receive_fifo_errors_total", "eth0"},
        {"netstack_link_receive_errors_total", "eth0"},
        {"netstack_queue_drops_total", "eth0"}},
       "loss receive/ring/ring_overrun eth0"},
      {"ring overrun that only the driver tells",
       {{"netstack_queue_ring_overruns_total", "eth1"}, {"netstack_queue_drops_total", "eth1"}},
       "loss receive/ring/ring_overrun eth1"},
      {"damaged frame",
       {{"netstack_link_receive_crc_errors_total", "eth0"},
        {"netstack_link_receive_errors_total", "eth0"}},
       "error receive/wire/crc eth0"},
      {"frame of a wrong length",
       {{"netstack_link_receive_length_errors_total", "eth0"},
        {"netstack_link_receive_errors_total", "eth0"}},
       "error receive/wire/length eth0"},
      {"damaged frame that the port counts too",
       {{"netstack_link_receive_crc_errors_total", "eth0"},
        {"netstack_link_receive_errors_total", "eth0"},
        {"netstack_ethtool_receive_errors_total", "eth0", 7, "fcs"}},
       "error receive/wire/crc eth0"},
      {"filter of clsact on the way in",
       {{"netstack_qdisc_clsact_drops_total", "eth0", 7, "receive"}},
       "policy receive/ingress/filter eth0"},
      {"LLDP frame on a card",
       {{"netstack_link_receive_dropped_total", "eth0"}},
       "policy receive/ingress/unattributed eth0"},
      {"LLDP frame on a device that may use the backlog",
       {{"netstack_link_receive_dropped_total", "usb0"}},
       ""},
      {"bad IP checksum",
       {{"netstack_ip_ext_in_csum_errors_total"}, {"netstack_ip_in_hdr_errors_total"}},
       "error receive/ip/bad_checksum"},
      {"fragments too late",
       {{"netstack_ip_reasm_timeout_total"}, {"netstack_ip_reasm_fails_total"}},
       "loss receive/ip/reassembly_timeout"},
      {"fragments without memory",
       {{"netstack_ip_reasm_fails_total"}},
       "loss receive/ip/reassembly_failed"},
      {"reverse path filter",
       {{"netstack_tcp_ext_ip_reverse_path_filter_total"}},
       "policy receive/ip/rp_filter"},
      {"packet of IPsec without a key",
       {{"netstack_xfrm_receive_errors_total", {}, 7, "no_states"}},
       "policy receive/ip/ipsec"},
      {"datagram that a policy of IPsec refuses",
       {{"netstack_xfrm_receive_errors_total", {}, 7, "pol_block"},
        {"netstack_udp_in_errors_total"}},
       "policy receive/datagram/refused"},
      {"segment that a policy of IPsec refuses",
       {{"netstack_xfrm_receive_errors_total", {}, 7, "tmpl_mismatch"}},
       ""},
      {"IPv6 packet too big to forward",
       {{"netstack_ip_in_too_big_errors_total"}, {"netstack_ip_frag_fails_total"}},
       "policy transmit/ip/cannot_fragment"},
      {"conntrack full",
       {{"netstack_conntrack_drops_total"}, {"netstack_conntrack_insert_failures_total"}},
       "loss receive/netfilter/conntrack_full"},
      {"accept queue full, SYN or final ACK",
       {{"netstack_tcp_ext_listen_overflows_total"},
        {"netstack_tcp_ext_listen_drops_total"},
        {"netstack_listener_drops_total"}},
       "loss receive/listen/accept_queue_full"},
      {"SYN queue full, no cookies",
       {{"netstack_tcp_ext_tcp_req_q_full_drop_total"}, {"netstack_tcp_ext_listen_drops_total"}},
       "loss receive/listen/syn_queue_full"},
      {"other listen drop", {{"netstack_tcp_ext_listen_drops_total"}}, "loss receive/listen/other"},
      {"fast open queue full", {{"netstack_tcp_ext_tcp_fast_open_listen_overflow_total"}}, ""},
      {"bad TCP checksum",
       {{"netstack_tcp_in_csum_errors_total"}, {"netstack_tcp_in_errs_total"}},
       "error receive/tcp/bad_checksum"},
      {"TCP loss in order",
       {{"netstack_tcp_ext_prune_called_total"},
        {"netstack_tcp_ext_rcv_pruned_total"},
        {"netstack_tcp_ext_tcp_rcv_q_drop_total"}},
       "loss receive/tcp/receive_queue"},
      {"TCP loss out of order",
       {{"netstack_tcp_ext_prune_called_total"},
        {"netstack_tcp_ext_rcv_pruned_total"},
        {"netstack_tcp_ext_tcp_ofo_drop_total"}},
       "loss receive/tcp/out_of_order_queue"},
      {"UDP receive buffer full",
       {{"netstack_udp_rcvbuf_errors_total"},
        {"netstack_udp_in_errors_total"},
        {"netstack_datagram_drops_total"}},
       "loss receive/datagram/receive_buffer_full"},
      {"UDP out of memory",
       {{"netstack_udp_mem_errors_total"}, {"netstack_udp_in_errors_total"}},
       "loss receive/datagram/no_memory"},
      {"bad UDP checksum",
       {{"netstack_udp_in_csum_errors_total"}, {"netstack_udp_in_errors_total"}},
       "error receive/datagram/bad_checksum"},
      {"raw socket full",
       {{"netstack_datagram_raw_drops_total"}, {"netstack_datagram_drops_total"}},
       "loss receive/datagram/raw_socket_full"},
      {"stacked device",
       {{"netstack_link_receive_missed_errors_total", "br0"},
        {"netstack_link_receive_nohandler_total", "br0"},
        {"netstack_link_transmit_dropped_total", "br0"}},
       ""},
  };
}

// What rx_dropped is made of, where drop reasons are seen by device.
std::vector<Overlap> WithReasons() {
  const std::string_view by_reason = "netstack_skb_device_drops_total";
  return {
      {"LLDP frame on a card",
       {{"netstack_link_receive_dropped_total", "eth0"}, {by_reason, "eth0", 7, "UNHANDLED_PROTO"}},
       "policy receive/ingress/unknown_protocol eth0"},
      {"LLDP frame on a device that may use the backlog",
       {{"netstack_link_receive_dropped_total", "usb0"}, {by_reason, "usb0", 7, "UNHANDLED_PROTO"}},
       "policy receive/ingress/unknown_protocol usb0"},
      {"LLDP frame on a veth",
       {{"netstack_link_receive_dropped_total", "veth0"},
        {by_reason, "veth0", 7, "UNHANDLED_PROTO"}},
       "policy receive/ingress/unknown_protocol other"},
      {"frame on an inactive port of a bond",
       {{"netstack_link_receive_nohandler_total", "eth0"},
        {by_reason, "eth0", 7, "UNHANDLED_PROTO"}},
       "policy receive/ingress/no_handler eth0"},
      {"backlog overflow of a device that steers its packets",
       {{"netstack_softnet_dropped_total"},
        {"netstack_link_receive_dropped_total", "usb0"},
        {by_reason, "usb0", 7, "CPU_BACKLOG"}},
       "loss receive/backlog/backlog_full"},
      {"a driver without memory",
       {{"netstack_link_receive_dropped_total", "usb0"}},
       "policy receive/ingress/unattributed usb0"},
      {"a driver that knows why",
       {{"netstack_link_receive_dropped_total", "eth0"}},
       "policy receive/ingress/unattributed eth0"},
  };
}

std::vector<Overlap> Sent() {
  return {
      {"queueing discipline full",
       {{"netstack_qdisc_drops_total", "eth0"},
        {"netstack_ip_out_discards_total"},
        {"netstack_udp_sndbuf_errors_total"}},
       "loss transmit/qdisc/qdisc_full eth0"},
      {"veth with a full XDP ring and no qdisc",
       {{"netstack_link_transmit_dropped_total", "veth0"},
        {"netstack_ip_out_discards_total"},
        {"netstack_udp_sndbuf_errors_total"}},
       ""},  // The same counters as a full backlog behind it: blind, not a guess.
      {"the same with a qdisc",
       {{"netstack_qdisc_requeues_total", "veth0"}, {"netstack_qdisc_drops_total", "veth0"}},
       "loss transmit/qdisc/qdisc_full other"},
      {"tap ring full",
       {{"netstack_link_transmit_dropped_total", "tap0"}},
       "loss transmit/queue/device_dropped other"},
      {"driver drops",
       {{"netstack_link_transmit_dropped_total", "eth0"}},
       "loss transmit/queue/device_dropped eth0"},
      {"filter on the way out",
       {{"netstack_qdisc_clsact_drops_total", "eth0", 7, "transmit"},
        {"netstack_ip_out_discards_total"},
        {"netstack_udp_sndbuf_errors_total"}},
       "policy transmit/egress/filter eth0"},
      {"filters both ways",
       {{"netstack_qdisc_clsact_drops_total", "eth0", 7, "either"}},
       "policy transmit/egress/filter_either_direction eth0"},
      {"output rule", {{"netstack_ip_out_discards_total"}}, ""},
      {"full send buffer",
       {{"netstack_udp_sndbuf_errors_total"}, {"netstack_ip_out_discards_total"}},
       ""},
      {"SYN sent again",
       {{"netstack_tcp_ext_tcp_timeouts_total"},
        {"netstack_tcp_ext_tcp_syn_retrans_total"},
        {"netstack_tcp_retrans_segs_total"}},
       ""},
      {"carrier lost",
       {{"netstack_link_transmit_carrier_errors_total", "eth0"},
        {"netstack_link_transmit_errors_total", "eth0"}},
       "error transmit/wire/carrier eth0"},
      {"FIFO ran empty",
       {{"netstack_link_transmit_fifo_errors_total", "eth0"},
        {"netstack_link_transmit_errors_total", "eth0"}},
       "loss transmit/ring/fifo_underrun eth0"},
  };
}

TEST(Overlaps, OfReceivingMoveOneCauseOnly) {
  ExpectOneCauseMoves(Received());
}

TEST(Overlaps, MoveTheTrueCauseWhereReasonsAreSeen) {
  ExpectOneCauseMoves(WithReasons());
}

TEST(Overlaps, OfSendingMoveOneCauseOnly) {
  ExpectOneCauseMoves(Sent());
}

}  // namespace
}  // namespace netstack
