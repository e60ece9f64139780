#pragma once

#include <array>

#include "model/family.h"

namespace netstack::drops {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_skb_drops_total",
     .type = MetricType::kCounter,
     .role = Role::kDrop,
     .labels = {"stage", "class", "reason"},
     .help = "Packets that the kernel threw away since the exporter started, by the kernel's own "
             "reason, in all network namespaces of the host.",
     .source = "tracepoint skb:kfree_skb; names from enum skb_drop_reason, since Linux 5.17; in "
               "lower case names of ours, by the function in /proc/kallsyms",
     .reading =
         "class=\"loss\" rising: packets are lost for want of room or memory at that stage. "
         "benign: nothing is lost (duplicates, closed sockets). unknown: the kernel does "
         "not say. generic_xdp, veth_xdp: what the kernel gives no reason for and an XDP "
         "program dropped, above the driver or of a veth device; XDP: what one redirected in "
         "vain. Of a listener that is full, of raw sockets and of native XDP of cards there "
         "is no event."},
    {.name = "netstack_skb_received_drops_total",
     .type = MetricType::kCounter,
     .role = Role::kDrop,
     .labels = {"reason"},
     .help =
         "Packets thrown away after they came in by a device of this network namespace since the "
         "exporter started, for reasons at which the device is still known.",
     .source = "tracepoint skb:kfree_skb, where skb_iif is set"},
    {.name = "netstack_skb_sent_drops_total",
     .type = MetricType::kCounter,
     .role = Role::kDrop,
     .labels = {"reason"},
     .help = "The same for packets on their way out that a program of this host has sent.",
     .source = "tracepoint skb:kfree_skb, where skb_iif is not set"},
    {.name = "netstack_skb_device_drops_total",
     .type = MetricType::kCounter,
     .role = Role::kDrop,
     .labels = {"device", "stage", "class", "reason"},
     .help = "Packets of this network namespace that the kernel threw away, by the device at which "
             "that happened, or, at sockets, by which they came. other: container ports, and what "
             "came before a device was first seen.",
     .source = "tracepoint skb:kfree_skb: sk_buff.dev, or, at sockets, skb_iif; before Linux 6.11 "
               "only where the route or udp_fail_queue_rcv_skb tells the namespace",
     .reading =
         "UNHANDLED_PROTO and CPU_BACKLOG are the kernel's own part of the device's "
         "rx_dropped. generic_xdp, veth_xdp, XDP, TC_INGRESS and TC_EGRESS (filters of tc and "
         "tcx programs) are there from the first packet on; the others with the option "
         "by-device only."},
    {.name = "netstack_skb_devices_without_row",
     .help = "Devices beyond the 15 that are counted apart, whose packets are those of other. Left "
             "out while 0, but with the option by-device.",
     .source = "the exporter"},
});
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t { kDrops, kReceived, kSent, kDeviceDrops, kWithoutRow };
static_assert(kFamilies.size() == kWithoutRow + 1);

}  // namespace netstack::drops
