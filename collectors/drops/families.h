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
     .source = "tracepoint skb:kfree_skb; names from enum skb_drop_reason, since Linux 5.17",
     .reading = "class=\"loss\" rising: packets are lost for want of room or memory at that stage. "
                "benign: nothing is lost (duplicates, closed sockets). unknown: the kernel does "
                "not say. Of a listener that is full, of raw sockets and of native XDP there is no "
                "event."},
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
});
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t { kDrops, kReceived, kSent };
static_assert(kFamilies.size() == kSent + 1);

}  // namespace netstack::drops
