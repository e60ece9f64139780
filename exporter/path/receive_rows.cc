#include "exporter/path/row_makers.h"
#include "exporter/path/tcx_rows.h"
#include "exporter/path/xdp_rows.h"
#include "model/joined.h"

namespace netstack {
namespace {

// An error as the port counts it, of a driver that does not give it to the kernel as a statistic of
// the device.
constexpr Term PortError(std::string_view error) {
  return {.family = "netstack_ethtool_receive_errors_total", .label = "error", .value = error};
}
constexpr Term XfrmError(std::string_view cause) {
  return {.family = "netstack_xfrm_receive_errors_total", .label = "cause", .value = cause};
}
constexpr OtherSource kCrcOfPort = {{PortError("fcs")}};
constexpr OtherSource kAlignmentOfPort = {{PortError("alignment")}};
constexpr OtherSource kLengthOfPort = {
    {PortError("in_range_length"), PortError("out_of_range_length"), PortError("too_long")}};
constexpr Term kCrc = {.family = "netstack_link_receive_crc_errors_total",
                       .otherwise = &kCrcOfPort};
constexpr Term kAlignment = {.family = "netstack_link_receive_frame_errors_total",
                             .otherwise = &kAlignmentOfPort};
constexpr Term kLength = {.family = "netstack_link_receive_length_errors_total",
                          .otherwise = &kLengthOfPort};

// What is counted as rx_dropped by the kernel proper, by device, where drop reasons are seen.
constexpr Term kUnhandled = SkbDrop("UNHANDLED_PROTO");
constexpr Term kBacklogOfDevice = SkbDrop("CPU_BACKLOG");
constexpr Term kNoHandler = {"netstack_link_receive_nohandler_total"};

// rx_dropped where drop reasons are seen, and where they are not.
constexpr CountRow Unattributed(bool has_reasons, Terms minus, std::string_view says, Per per) {
  CountRow row = Drop(Stage::kIngress, Class::kPolicy, "unattributed",
                      {{{"netstack_link_receive_dropped_total"}}}, says, minus, per);
  row.where = kUnhandled;
  row.is_where_absent = !has_reasons;
  // Of these the reason tells as of those, and rx_dropped has them not.
  if (has_reasons) row.back = {{kNoHandler}};
  return row;
}

constexpr auto kRows = std::to_array<CountRow>({
    // wire: frames that came damaged. rx_errors contains all of these and whatever the driver adds.
    Drop(Stage::kWire, Class::kError, "crc", {{kCrc}}, "Frames with a bad checksum.", {},
         Per::kHardware),
    Drop(Stage::kWire, Class::kError, "alignment", {{kAlignment}},
         "Frames that did not end on a byte.", {}, Per::kHardware),
    Drop(Stage::kWire, Class::kError, "length", {{kLength}}, "Frames too short or too long.", {},
         Per::kHardware),
    Drop(Stage::kWire, Class::kError, "other", {{{"netstack_link_receive_errors_total"}}},
         "Frames refused for a reason the driver does not name.",
         {{kCrc,
           kAlignment,
           kLength,
           {"netstack_link_receive_fifo_errors_total"},
           {"netstack_link_receive_missed_errors_total"},
           {"netstack_link_receive_over_errors_total"}}},
         Per::kHardware),

    Pressure(Stage::kWire, "pause_sent", {{{"netstack_ethtool_pause_frames_sent_total"}}},
             "Times the card asked its peer to stop because its own buffer filled.",
             Per::kHardware),
    Pressure(Stage::kWire, "fec_uncorrectable",
             {{{"netstack_ethtool_fec_uncorrectable_blocks_total"}}},
             "Blocks that came too damaged to be put right; the frames in them are lost.",
             Per::kHardware),

    // ring. rx_fifo_errors repeats rx_missed_errors in some drivers and adds to it in others.
    Flow(Stage::kRing, {{{"netstack_link_receive_packets_total"}}}, Per::kHardware,
         "Frames the driver took off the ring."),
    Drop(Stage::kRing, Class::kLoss, "ring_overrun",
         // The second is of drivers that leave rx_missed_errors empty, or what the port lost before
         // a descriptor was looked for.
         {{{"netstack_link_receive_missed_errors_total"}, {"netstack_queue_ring_overruns_total"}}},
         "Frames lost because no descriptor or buffer was free: the host was too slow.", {},
         Per::kHardware),
    Drop(Stage::kRing, Class::kLoss, "fifo_overrun",
         {{{"netstack_link_receive_fifo_errors_total"}}},
         "Frames lost in the NIC's own FIFO, where the driver counts them apart.",
         {{{"netstack_link_receive_missed_errors_total"}}}, Per::kHardware),
    Pressure(Stage::kRing, "no_buffer", {{QueueEvent("no_buffer"), QueueEvent("ring_empty")}},
             "Times a frame came and no buffer was on the ring; the card may have kept it.",
             Per::kHardware),
    Pressure(Stage::kRing, "alloc_failed", {{QueueEvent("alloc_failed")}},
             "Buffers for the ring that could not be had for want of memory.", Per::kHardware),

    // napi and backlog.
    Flow(Stage::kNapi, {{{"netstack_softnet_processed_total"}}}, Per::kHost,
         "Packets polled, once more for each stacked device."),
    Pressure(Stage::kNapi, "time_squeeze", {{{"netstack_softnet_time_squeeze_total"}}},
             "Softirq runs that stopped with work left."),
    Drop(Stage::kBacklog, Class::kLoss, "backlog_full", {{{"netstack_softnet_dropped_total"}}},
         "Packets lost because a CPU's backlog was full.",
         {{{"netstack_softnet_flow_limit_total"}}}),
    Drop(Stage::kBacklog, Class::kLoss, "flow_limit", {{{"netstack_softnet_flow_limit_total"}}},
         "Packets of a dominant flow lost to the flow limit."),

    // ingress: what is refused before IP. rx_dropped repeats the backlog's drops and mixes them
    // with what nobody handles and what a driver has no memory for.
    Flow(Stage::kIngress, {{{"netstack_link_receive_packets_total"}}}, Per::kDevice,
         "Packets handed to the stack."),
    Drop(Stage::kIngress, Class::kPolicy, "no_handler", {{kNoHandler}},
         "Packets on an inactive port of a bond or bridge.", {}, Per::kDevice),
    Drop(Stage::kIngress, Class::kPolicy, "other_host",
         {{{"netstack_link_receive_otherhost_dropped_total"}}},
         "Packets for another machine's MAC address.", {}, Per::kDevice),
    Drop(Stage::kIngress, Class::kPolicy, "unknown_protocol", {{kUnhandled}},
         "Packets of a protocol that nobody handles, such as LLDP.", {{kNoHandler}}, Per::kDevice),
    Unattributed(true, {{kUnhandled, kBacklogOfDevice, kXdpDropOfRxDropped}},
                 "Where drop reasons are seen: what the driver itself dropped, for want of memory.",
                 Per::kHardware),
    Unattributed(false, {{kXdpDropOfRxDropped}},
                 "Where they are not, and no packet can be in a backlog: packets of a protocol "
                 "nobody handles, most of them; of some drivers also frames without memory.",
                 Per::kNeverInBacklog),
    Drop(Stage::kIngress, Class::kPolicy, "filter", {{kIngressQdiscDrop, ClsactDrop("receive")}},
         "Packets a filter of an ingress or clsact qdisc dropped on their way in.", {},
         Per::kDevice),
    RestOfFilters(Drop(Stage::kIngress, Class::kPolicy, "tcx_program", {{SkbDrop("TC_INGRESS")}},
                       "Packets that a program attached with tcx dropped on their way in.",
                       {{kIngressQdiscDrop, ClsactDrop("receive")}}, Per::kDevice),
                  true),

    // ip.
    Flow(Stage::kIp, {{{"netstack_ip_in_receives_total"}}}, Per::kHost, "Packets that reached IP."),
    Drop(Stage::kIp, Class::kError, "bad_checksum", {{{"netstack_ip_ext_in_csum_errors_total"}}},
         "Packets with a bad IPv4 header checksum."),
    Drop(Stage::kIp, Class::kError, "bad_header", {{{"netstack_ip_in_hdr_errors_total"}}},
         "Packets with a bad header, or with no hops left.",
         {{{"netstack_ip_ext_in_csum_errors_total"}}}),
    Drop(Stage::kIp, Class::kError, "truncated",
         {{{"netstack_ip_ext_in_truncated_pkts_total"}, {"netstack_ip_in_truncated_pkts_total"}}},
         "Packets shorter than their header says."),
    Drop(Stage::kIp, Class::kLoss, "no_memory", {{{"netstack_ip_in_discards_total"}}},
         "Packets lost for want of memory."),
    Drop(Stage::kIp, Class::kLoss, "reassembly_timeout", {{{"netstack_ip_reasm_timeout_total"}}},
         "Datagrams whose missing fragments did not come in time."),
    Drop(Stage::kIp, Class::kLoss, "reassembly_failed", {{{"netstack_ip_reasm_fails_total"}}},
         "Datagrams lost in reassembly: overlapping fragments, or no memory, then once for each "
         "fragment.",
         {{{"netstack_ip_reasm_timeout_total"}}}),
    Drop(Stage::kIp, Class::kPolicy, "bad_address", {{{"netstack_ip_in_addr_errors_total"}}},
         "Packets for an address that is not ours, with forwarding off."),
    Drop(Stage::kIp, Class::kPolicy, "no_route",
         {{{"netstack_ip_ext_in_no_routes_total"}, {"netstack_ip_in_no_routes_total"}}},
         "Packets to forward for which there is no route."),
    Drop(Stage::kIp, Class::kPolicy, "rp_filter",
         {{{"netstack_tcp_ext_ip_reverse_path_filter_total"}}},
         "Packets refused by the reverse path filter."),
    Drop(Stage::kIp, Class::kPolicy, "unknown_protocol",
         {{{"netstack_ip_in_unknown_protos_total"}}}, "Packets of a protocol nobody handles."),
    Drop(Stage::kIp, Class::kPolicy, "loopback_address",
         {{{"netstack_skb_received_drops_total", "reason", "IP_LOCALNET"}}},
         "Packets from or to a loopback address that came by a wire."),
    // What a policy refuses is in UdpInErrors or Ip6InDiscards again, if it was UDP or IPv6. The
    // last three are of the policies or of the transformation.
    Drop(Stage::kIp, Class::kPolicy, "ipsec", {{{"netstack_xfrm_receive_errors_total"}}},
         "Packets of IPsec without a key, replayed or forged. Not what an IPsec policy refuses.",
         {{XfrmError("pol_block"), XfrmError("pol_error"), XfrmError("no_pols"),
           XfrmError("tmpl_mismatch"), XfrmError("fwd_hdr_error"), XfrmError("hdr_error"),
           XfrmError("buffer_error"), XfrmError("state_mismatch")}}),

    // netfilter. insert_failed repeats drops and chain_too_long and is not in the ledger as a drop.
    // The kernel's reason is the same for a rule and for what conntrack drops.
    Drop(Stage::kNetfilter, Class::kPolicy, "rule",
         {{{"netstack_skb_received_drops_total", "reason", "NETFILTER_DROP"}}},
         "Packets that a rule of netfilter dropped on their way in.",
         {{{"netstack_conntrack_drops_total"}, {"netstack_conntrack_chain_too_long_total"}}}),
    Drop(Stage::kNetfilter, Class::kLoss, "conntrack_full", {{{"netstack_conntrack_drops_total"}}},
         "Packets lost because the connection table was full, or in a race to enter it."),
    Drop(Stage::kNetfilter, Class::kLoss, "conntrack_chain_too_long",
         {{{"netstack_conntrack_chain_too_long_total"}}},
         "Packets of new connections lost because their hash chain was too long."),
    Pressure(Stage::kNetfilter, "conntrack_early_drop",
             {{{"netstack_conntrack_early_drops_total"}}},
             "Connections thrown out of a full table to make room for a new one."),
    Pressure(Stage::kNetfilter, "conntrack_insert_failed",
             {{{"netstack_conntrack_insert_failures_total"}}},
             "Connections that could not be entered into the table, losses included."),

    // listen: one client's connect can be lost several times, once for each retransmitted SYN. An
    // ACK of TCPDeferAcceptDrop has done its work (and every scrape of ours has one): no loss.
    Flow(Stage::kListen, {{{"netstack_tcp_passive_opens_total"}}}, Per::kHost,
         "Connections that entered a SYN queue."),
    Drop(Stage::kListen, Class::kLoss, "accept_queue_full",
         {{{"netstack_tcp_ext_listen_overflows_total"}}},
         "SYNs and final ACKs lost because the accept queue was full."),
    Drop(Stage::kListen, Class::kLoss, "syn_queue_full",
         {{{"netstack_tcp_ext_tcp_req_q_full_drop_total"}}},
         "SYNs lost because the SYN queue was full and SYN cookies are off."),
    Drop(Stage::kListen, Class::kLoss, "other", {{{"netstack_tcp_ext_listen_drops_total"}}},
         "SYNs and final ACKs lost at a listener for another reason: no memory, no route, SYN "
         "backlog three quarters full.",
         {{{"netstack_tcp_ext_listen_overflows_total"},
           {"netstack_tcp_ext_tcp_req_q_full_drop_total"}}}),
    Drop(Stage::kListen, Class::kLoss, "migration_failed",
         {{{"netstack_tcp_ext_tcp_migrate_req_failure_total"}}},
         "Requests of a closed listener that no other could take over."),
    Pressure(Stage::kListen, "syn_cookies",
             {{{"netstack_tcp_ext_tcp_req_q_full_do_cookies_total"}}},
             "SYNs answered with a cookie because the SYN queue was full."),
    Pressure(Stage::kListen, "fast_open_queue_full",
             {{{"netstack_tcp_ext_tcp_fast_open_listen_overflow_total"}}},
             "Fast open requests beyond the listener's limit, treated as any other SYN."),

    // tcp. RcvPruned repeats the two queue drops; OfoPruned counts events, not packets.
    Flow(Stage::kTcp, {{{"netstack_tcp_in_segs_total"}}}, Per::kHost,
         "TCP packets received; coalesced ones count once."),
    Drop(Stage::kTcp, Class::kError, "bad_checksum", {{{"netstack_tcp_in_csum_errors_total"}}},
         "Segments with a bad TCP checksum."),
    Drop(Stage::kTcp, Class::kError, "bad_segment", {{{"netstack_tcp_in_errs_total"}}},
         "Segments with a bad header.", {{{"netstack_tcp_in_csum_errors_total"}}}),
    Drop(Stage::kTcp, Class::kLoss, "socket_backlog",
         {{{"netstack_tcp_ext_tcp_backlog_drop_total"}}},
         "Segments lost because the socket was locked by its owner and its backlog full."),
    Drop(Stage::kTcp, Class::kLoss, "receive_queue", {{{"netstack_tcp_ext_tcp_rcv_q_drop_total"}}},
         "Segments in order lost because the receive buffer was full even after pruning."),
    Drop(Stage::kTcp, Class::kLoss, "out_of_order_queue",
         {{{"netstack_tcp_ext_tcp_ofo_drop_total"}}},
         "Segments out of order lost because the receive buffer was full even after pruning."),
    Drop(Stage::kTcp, Class::kLoss, "zero_window",
         {{{"netstack_tcp_ext_tcp_zero_window_drop_total"}}},
         "Segments that came while the receive window was closed."),
    Drop(Stage::kTcp, Class::kLoss, "beyond_window", {{{"netstack_tcp_ext_beyond_window_total"}}},
         "Segments beyond the receive window that was offered."),
    Drop(Stage::kTcp, Class::kLoss, "memory_reserve",
         {{{"netstack_tcp_ext_pf_memalloc_drop_total"}}},
         "Segments from the emergency reserve that a socket may not use."),
    Drop(Stage::kTcp, Class::kPolicy, "min_ttl", {{{"netstack_tcp_ext_tcp_min_ttl_drop_total"}}},
         "Segments with fewer hops left than the socket asks for."),
    Drop(Stage::kTcp, Class::kPolicy, "md5",
         {{{"netstack_tcp_ext_tcp_md5_not_found_total"},
           {"netstack_tcp_ext_tcp_md5_unexpected_total"},
           {"netstack_tcp_ext_tcp_md5_failure_total"}}},
         "Segments without the MD5 signature the socket asks for."),
    Drop(Stage::kTcp, Class::kPolicy, "authentication_option",
         {{{"netstack_tcp_ext_tcp_ao_required_total"},
           {"netstack_tcp_ext_tcp_ao_bad_total"},
           {"netstack_tcp_ext_tcp_ao_key_not_found_total"}}},
         "Segments without the authentication option the socket asks for."),
    Drop(Stage::kTcp, Class::kPolicy, "old_timestamp",
         {{{"netstack_tcp_ext_paws_active_total"},
           {"netstack_tcp_ext_paws_estab_total"},
           {"netstack_tcp_ext_paws_old_ack_total"},
           {"netstack_tcp_ext_paws_timewait_total"},
           {"netstack_tcp_ext_ts_ecr_rejected_total"}}},
         "Segments older than what was received before (PAWS)."),
    Pressure(Stage::kTcp, "prune", {{{"netstack_tcp_ext_prune_called_total"}}},
             "Times a receive buffer was over its limit and had to be pruned."),
    Pressure(Stage::kTcp, "collapse", {{{"netstack_tcp_ext_tcp_rcv_collapsed_total"}}},
             "Segments merged into others to save receive buffer; costs CPU time."),
    Pressure(Stage::kTcp, "out_of_order_pruned", {{{"netstack_tcp_ext_ofo_pruned_total"}}},
             "Times the out-of-order queue was thrown away; each can lose many segments."),
    Pressure(Stage::kTcp, "zero_window_advertised",
             {{{"netstack_tcp_ext_tcp_to_zero_window_adv_total"}}},
             "Times a sender was stopped because the reader is too slow."),
    Pressure(Stage::kTcp, "memory_pressure", {{{"netstack_tcp_ext_tcp_memory_pressures_total"}}},
             "Times TCP as a whole went over tcp_mem's pressure mark."),

    // datagram. UdpInErrors contains all of these and whatever a filter refuses.
    Flow(Stage::kDatagram,
         {{{"netstack_udp_in_datagrams_total"}, {"netstack_udp_lite_in_datagrams_total"}}},
         Per::kHost, "Datagrams delivered to sockets."),
    Drop(Stage::kDatagram, Class::kLoss, "receive_buffer_full",
         {{{"netstack_udp_rcvbuf_errors_total"}, {"netstack_udp_lite_rcvbuf_errors_total"}}},
         "Datagrams lost because the socket's receive buffer was full."),
    Drop(Stage::kDatagram, Class::kLoss, "no_memory",
         {{{"netstack_udp_mem_errors_total"}, {"netstack_udp_lite_mem_errors_total"}}},
         "Datagrams lost because UDP as a whole was over udp_mem."),
    // Packet sockets lose copies only (netstack_datagram_drops_total): the packet goes on.
    Drop(Stage::kDatagram, Class::kLoss, "raw_socket_full",
         {{{"netstack_datagram_raw_drops_total"}}},
         "Packets a raw socket lost because its receive buffer was full."),
    Drop(Stage::kDatagram, Class::kError, "bad_checksum",
         {{{"netstack_udp_in_csum_errors_total"}, {"netstack_udp_lite_in_csum_errors_total"}}},
         "Datagrams with a bad UDP checksum."),
    Drop(Stage::kDatagram, Class::kPolicy, "no_socket",
         {{{"netstack_udp_no_ports_total"}, {"netstack_udp_lite_no_ports_total"}}},
         "Datagrams for a port on which nobody listens."),
    Drop(Stage::kDatagram, Class::kPolicy, "refused", {{{"netstack_udp_in_errors_total"}}},
         "Datagrams refused by a socket filter or by IPsec policy.",
         {{{"netstack_udp_rcvbuf_errors_total"},
           {"netstack_udp_mem_errors_total"},
           {"netstack_udp_in_csum_errors_total"}}}),
});

constexpr auto kRowsOfPath = AllOn(Path::kReceive, Joined(kRows, kXdpRows));

}  // namespace

std::span<const CountRow> ReceiveRows() {
  return kRowsOfPath;
}

}  // namespace netstack
