#include "exporter/path/row_makers.h"
#include "exporter/path/tcx_rows.h"

namespace netstack {
namespace {

// As those of the receive rows.
constexpr Term PortError(std::string_view error) {
  return {.family = "netstack_ethtool_transmit_errors_total", .label = "error", .value = error};
}
constexpr OtherSource kAbortedOfPort = {{PortError("excessive_collisions")}};
constexpr OtherSource kCarrierOfPort = {{PortError("carrier_sense")}};
constexpr OtherSource kWindowOfPort = {{PortError("late_collision")}};
constexpr Term kAborted = {.family = "netstack_link_transmit_aborted_errors_total",
                           .otherwise = &kAbortedOfPort};
constexpr Term kCarrier = {.family = "netstack_link_transmit_carrier_errors_total",
                           .otherwise = &kCarrierOfPort};
constexpr Term kWindow = {.family = "netstack_link_transmit_window_errors_total",
                          .otherwise = &kWindowOfPort};

// A device that is down, or that was told to have no queue, has no counter.
constexpr CountRow QdiscDrop(std::string_view cause, Terms plus, std::string_view says) {
  CountRow row = Drop(Stage::kQdisc, Class::kLoss, cause, plus, says, {}, Per::kDevice);
  row.without = "no_queue";
  return row;
}

constexpr auto kRows = std::to_array<CountRow>({
    // socket. UdpSndbufErrors repeats drops of every stage below and is not in the ledger.
    Flow(Stage::kSocket,
         {{{"netstack_udp_out_datagrams_total"}, {"netstack_udp_lite_out_datagrams_total"}}},
         Per::kHost, "Datagrams sent by sockets."),

    // tcp: a retransmission is work made necessary by a loss, somewhere; no loss itself.
    Flow(Stage::kTcp, {{{"netstack_tcp_out_segs_total"}}}, Per::kHost, "TCP segments sent."),
    Pressure(Stage::kTcp, "retransmit", {{{"netstack_tcp_retrans_segs_total"}}},
             "Segments sent again, SYNs and probes too."),
    Pressure(Stage::kTcp, "timeout", {{{"netstack_tcp_ext_tcp_timeouts_total"}}},
             "Retransmission timeouts: the slow way to notice a loss."),
    Pressure(Stage::kTcp, "retransmit_failed", {{{"netstack_tcp_ext_tcp_retrans_fail_total"}}},
             "Retransmissions refused on this host: queue or memory."),
    Pressure(Stage::kTcp, "window_probe", {{{"netstack_tcp_ext_tcp_win_probe_total"}}},
             "Probes of a closed window: the peer's reader is too slow."),
    Pressure(Stage::kTcp, "queue_too_big", {{{"netstack_tcp_ext_tcp_wqueue_too_big_total"}}},
             "Splits of an over-long send queue that were refused."),

    // ip. OutDiscards repeats drops below and rules, and is not in the ledger.
    Flow(Stage::kIp, {{{"netstack_ip_out_requests_total"}}}, Per::kHost,
         "Packets handed to IP by the protocols."),
    Drop(Stage::kIp, Class::kPolicy, "no_route", {{{"netstack_ip_out_no_routes_total"}}},
         "Packets for which there is no route."),
    // Ip6InTooBigErrors tells of the same packets.
    Drop(Stage::kIp, Class::kPolicy, "cannot_fragment", {{{"netstack_ip_frag_fails_total"}}},
         "Packets too large for the link that may not be fragmented."),
    Drop(Stage::kIp, Class::kPolicy, "ipsec", {{{"netstack_xfrm_transmit_errors_total"}}},
         "Packets that an IPsec policy blocks or for which there is no key."),

    // netfilter: as on the receive path.
    Drop(Stage::kNetfilter, Class::kPolicy, "rule",
         {{{"netstack_skb_sent_drops_total", "reason", "NETFILTER_DROP"}}},
         "Packets that a rule of netfilter dropped on their way out.",
         {{{"netstack_conntrack_drops_total"}, {"netstack_conntrack_chain_too_long_total"}}}),

    // neighbour: numbers of the whole host, whatever the namespace.
    Drop(Stage::kNeighbour, Class::kLoss, "unresolved_discards",
         {{{"netstack_neighbour_unresolved_discards_total"}}},
         "Packets lost because the queue of a neighbour that had not answered yet was full."),
    Drop(Stage::kNeighbour, Class::kLoss, "table_full", {{{"netstack_neighbour_table_full_total"}}},
         "Packets to new neighbours lost because the table was full."),
    Pressure(Stage::kNeighbour, "resolution_failed",
             {{{"netstack_neighbour_resolution_failures_total"}}},
             "Neighbours that did not answer; what waited for them was lost."),
    Pressure(Stage::kNeighbour, "forced_gc", {{{"netstack_neighbour_forced_gc_runs_total"}}},
             "Times the table was searched for old entries because it was too large."),

    // egress. clsact has one counter for both directions; where filters are in one of them only,
    // the drops are theirs.
    Drop(Stage::kEgress, Class::kPolicy, "filter", {{ClsactDrop("transmit")}},
         "Packets a filter of a clsact qdisc dropped on their way out.", {}, Per::kDevice),
    Drop(Stage::kEgress, Class::kPolicy, "filter_either_direction", {{ClsactDrop("either")}},
         "Packets a filter of a clsact qdisc dropped, on their way out or in.", {}, Per::kDevice),
    RestOfFilters(Drop(Stage::kEgress, Class::kPolicy, "tcx_program", {{SkbDrop("TC_EGRESS")}},
                       "Packets that a program attached with tcx dropped on their way out.",
                       {{ClsactDrop("transmit")}}, Per::kDevice),
                  true),
    RestOfFilters(
        Drop(Stage::kEgress, Class::kPolicy, "tcx_program_either_direction",
             {{SkbDrop("TC_EGRESS"), SkbDrop("TC_INGRESS")}},
             "Packets that a program attached with tcx dropped, on their way out or in, of a "
             "device with filters both ways.",
             {{kIngressQdiscDrop, {.family = "netstack_qdisc_clsact_drops_total"}}}, Per::kDevice),
        false),

    // qdisc. The collector shows the ledger each packet once, whatever hangs below what.
    Flow(Stage::kQdisc, {{{"netstack_qdisc_packets_total"}}}, Per::kDevice,
         "Packets let through by queueing disciplines."),
    QdiscDrop("qdisc_full", {{{"netstack_qdisc_drops_total"}}},
              "Packets a queueing discipline had no room for, or dropped to keep the delay short."),
    Pressure(Stage::kQdisc, "requeue", {{{"netstack_qdisc_requeues_total"}}},
             "Packets put back because the driver had no room for them.", Per::kDevice),
    Pressure(Stage::kQdisc, "overlimit", {{{"netstack_qdisc_overlimits_total"}}},
             "Times a shaper or an active queue management held a packet back.", Per::kDevice),

    // queue.
    Pressure(Stage::kQueue, "host_queue_rtx",
             {{{"netstack_tcp_ext_tcp_spurious_rtx_host_queues_total"}}},
             "Retransmission timers that fired while the segment still sat in a queue of this "
             "host."),
    Pressure(Stage::kQueue, "transmit_timeout", {{{"netstack_queue_transmit_timeouts_total"}}},
             "Queues stopped for so long that the device was reset.", Per::kDevice),
    Flow(Stage::kQueue, {{{"netstack_link_transmit_packets_total"}}}, Per::kDevice,
         "Packets handed to devices."),
    Drop(Stage::kQueue, Class::kLoss, "device_dropped",
         {{{"netstack_link_transmit_dropped_total"}}},
         "Packets that the driver, or the core on its behalf, threw away; of a tun or tap device, "
         "for want of a reader.",
         {}, Per::kHardwareOrTunnel),

    Pressure(Stage::kRing, "ring_full",
             {{QueueEvent("stop"), QueueEvent("ring_full"), QueueEvent("busy")}},
             "Times a queue was stopped or a packet refused because the transmit ring was full.",
             Per::kHardware),

    // ring and wire. tx_errors contains all of these and whatever the driver adds.
    Flow(Stage::kRing, {{{"netstack_link_transmit_packets_total"}}}, Per::kHardware,
         "Packets the driver put on the ring."),
    Drop(Stage::kRing, Class::kLoss, "fifo_underrun",
         {{{"netstack_link_transmit_fifo_errors_total"}}},
         "Frames lost because the NIC's FIFO ran empty or full.", {}, Per::kHardware),
    RareDrop(Drop(Stage::kRing, Class::kLoss, "xdp_ring_full",
                  {{QueueDrop("transmit", "xdp_ring_full")}},
                  "Frames of XDP, sent back or redirected, that the ring had no room for.", {},
                  Per::kHardware)),
    Drop(Stage::kWire, Class::kError, "aborted", {{kAborted}}, "Frames given up after collisions.",
         {}, Per::kHardware),
    Drop(Stage::kWire, Class::kError, "carrier", {{kCarrier}},
         "Frames lost because the carrier went.", {}, Per::kHardware),
    Drop(Stage::kWire, Class::kError, "heartbeat",
         {{{"netstack_link_transmit_heartbeat_errors_total"}}},
         "Heartbeat errors of old half-duplex media.", {}, Per::kHardware),
    Drop(Stage::kWire, Class::kError, "window", {{kWindow}}, "Frames lost to late collisions.", {},
         Per::kHardware),
    Drop(Stage::kWire, Class::kError, "other", {{{"netstack_link_transmit_errors_total"}}},
         "Frames not sent for a reason the driver does not name.",
         {{kAborted,
           kCarrier,
           {"netstack_link_transmit_fifo_errors_total"},
           {"netstack_link_transmit_heartbeat_errors_total"},
           kWindow}},
         Per::kHardware),
    Pressure(Stage::kWire, "pause_received", {{{"netstack_ethtool_pause_frames_received_total"}}},
             "Times the peer asked the card to stop sending for a while.", Per::kHardware),
});

constexpr auto kRowsOfPath = AllOn(Path::kTransmit, kRows);

}  // namespace

std::span<const CountRow> TransmitRows() {
  return kRowsOfPath;
}

}  // namespace netstack
