#pragma once

#include <array>

#include "model/family.h"

namespace netstack::datagram {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_datagram_sockets",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .labels = {"protocol", "port", "ip_version"},
     .help = "Sockets of datagrams, by protocol and local port. Of raw sockets the port is the IP "
             "protocol; other is what clients use: connected sockets, and ports of "
             "net.ipv4.ip_local_port_range.",
     .source = "sock_diag for udp, udplite, packet and unix; /proc/net/raw, raw6, netlink"},
    {.name = "netstack_datagram_receive_queue_bytes",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .role = Role::kDepth,
     .labels = {"protocol", "port", "ip_version"},
     .help = "Memory of datagrams that wait to be read, the kernel's overhead included (for unix "
             "without it).",
     .source = "sock_diag SKMEMINFO rmem_alloc; /proc/net/raw rx_queue, netlink Rmem; unix RQLEN",
     .reading = "Not 0 for long: the program reads too slowly."},
    {.name = "netstack_datagram_receive_queue_limit_bytes",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .role = Role::kLimit,
     .labels = {"protocol", "port", "ip_version"},
     .help = "Receive buffers of these sockets together, where it is told.",
     .source = "sock_diag SKMEMINFO rcvbuf",
     .reading = "To raise it: SO_RCVBUF in the program and net.core.rmem_max, or "
                "net.core.rmem_default."},
    {.name = "netstack_datagram_receive_queue_fill_ratio",
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .role = Role::kDepth,
     .labels = {"protocol", "port", "ip_version"},
     .help = "Receive queue over receive buffer of the fullest of these sockets.",
     .source = "sock_diag SKMEMINFO rmem_alloc over rcvbuf",
     .reading = "At 1 datagrams are lost; a queue may hold one datagram more."},
    {.name = "netstack_datagram_drops_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .role = Role::kDrop,
     .labels = {"protocol", "port", "ip_version"},
     .help = "Datagrams lost at these sockets since the exporter started.",
     .source = "sock_diag SKMEMINFO drops; /proc/net/raw drops, netlink Drops; 32 bits for each "
               "socket, summed by increases",
     .reading = "udp says which port netstack_udp_rcvbuf_errors_total is about; of packet sockets "
                "only a copy is lost; of netlink the reader's list is out of date."},
    {.name = "netstack_datagram_raw_drops_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kDatagram,
     .role = Role::kDrop,
     .labels = {"ip_version"},
     .help = "Packets lost at raw sockets since the exporter started, sockets that are gone "
             "included.",
     .source = "/proc/net/raw, raw6 drops, 32 bits for each socket, summed by increases",
     .reading = "No other counter has these. A program that reads raw sockets (a routing daemon, "
                "ping) is too slow or its SO_RCVBUF too small."},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table.
enum FamilyIndex : std::size_t { kSockets, kQueue, kLimit, kFill, kDrops, kRawDrops };
static_assert(kFamilies.size() == kRawDrops + 1);

}  // namespace netstack::datagram
