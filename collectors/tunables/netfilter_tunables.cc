#include <array>

#include "collectors/tunables/tunable.h"

namespace netstack::tunables {
namespace {

constexpr auto kTunables = std::to_array<Tunable>({
    {.key = "net.netfilter.nf_conntrack_max",
     .stage = Stage::kNetfilter,
     .unit = "entries",
     .scope = Scope::kHost,
     .governs =
         "Connections tracked at most, counted per namespace; beyond it packets are dropped."},
    {.key = "net.netfilter.nf_conntrack_buckets",
     .stage = Stage::kNetfilter,
     .unit = "entries",
     .scope = Scope::kHost,
     .governs =
         "Hash buckets of the connection table; many connections for each make look-ups slow."},
    {.key = "net.netfilter.nf_conntrack_expect_max",
     .stage = Stage::kNetfilter,
     .unit = "entries",
     .scope = Scope::kHost,
     .governs = "Expected connections at most (FTP data, SIP media)."},
    {.key = "net.netfilter.nf_conntrack_tcp_timeout_established",
     .stage = Stage::kNetfilter,
     .unit = "seconds",
     .governs = "Time that an idle established TCP connection stays tracked."},
    {.key = "net.netfilter.nf_conntrack_tcp_timeout_syn_recv",
     .stage = Stage::kNetfilter,
     .unit = "seconds",
     .governs = "Time that a TCP connection stays tracked after SYN and SYN-ACK."},
    {.key = "net.netfilter.nf_conntrack_tcp_timeout_fin_wait",
     .stage = Stage::kNetfilter,
     .unit = "seconds",
     .governs = "Time that a TCP connection stays tracked after the first FIN."},
    {.key = "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
     .stage = Stage::kNetfilter,
     .unit = "seconds",
     .governs = "Time that a half-closed TCP connection stays tracked."},
    {.key = "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
     .stage = Stage::kNetfilter,
     .unit = "seconds",
     .governs = "Time that a closed TCP connection stays tracked."},
    {.key = "net.netfilter.nf_conntrack_udp_timeout",
     .stage = Stage::kNetfilter,
     .unit = "seconds",
     .governs = "Time that a UDP flow seen one way stays tracked."},
    {.key = "net.netfilter.nf_conntrack_udp_timeout_stream",
     .stage = Stage::kNetfilter,
     .unit = "seconds",
     .governs = "Time that a UDP flow seen both ways stays tracked."},
    {.key = "net.netfilter.nf_conntrack_icmp_timeout",
     .stage = Stage::kNetfilter,
     .unit = "seconds",
     .governs = "Time that an echo request stays tracked."},
    {.key = "net.netfilter.nf_conntrack_generic_timeout",
     .stage = Stage::kNetfilter,
     .unit = "seconds",
     .governs = "Time that a flow of any other protocol stays tracked."},
    {.key = "net.netfilter.nf_conntrack_frag6_high_thresh",
     .stage = Stage::kNetfilter,
     .unit = "bytes",
     .governs = "Memory for IPv6 fragments that connection tracking holds."},
    {.key = "net.netfilter.nf_conntrack_tcp_be_liberal",
     .stage = Stage::kNetfilter,
     .unit = "boolean",
     .governs = "TCP segments out of the window are not marked invalid, unless they are resets."},
    {.key = "net.netfilter.nf_conntrack_tcp_loose",
     .stage = Stage::kNetfilter,
     .unit = "boolean",
     .governs = "Connections that were open before tracking began are picked up."},
    {.key = "net.netfilter.nf_conntrack_checksum",
     .stage = Stage::kNetfilter,
     .unit = "boolean",
     .governs = "Packets with a wrong checksum are marked invalid."},
});

}  // namespace

std::span<const Tunable> NetfilterTunables() {
  return kTunables;
}

}  // namespace netstack::tunables
