#include <array>

#include "collectors/tunables/tunable.h"

namespace netstack::tunables {
namespace {

constexpr auto kTunables = std::to_array<Tunable>({
    {.key = "net.ipv4.udp_mem",
     .stage = Stage::kDatagram,
     .layout = Layout::kMinPressureMax,
     .unit = "pages",
     .scope = Scope::kHost,
     .governs = "Memory of all UDP sockets of the host: above max datagrams are dropped."},
    {.key = "net.ipv4.udp_rmem_min",
     .stage = Stage::kDatagram,
     .unit = "bytes",
     .governs = "Receive buffer that a UDP socket keeps under memory pressure."},
    {.key = "net.ipv4.udp_wmem_min",
     .path = Path::kTransmit,
     .stage = Stage::kSocket,
     .unit = "bytes",
     .governs = "Send buffer that a UDP socket keeps under memory pressure."},
    {.key = "net.ipv4.udp_early_demux",
     .stage = Stage::kIp,
     .unit = "boolean",
     .governs = "The UDP socket is looked up before the route is; costs time on a router."},
});

}  // namespace

std::span<const Tunable> UdpTunables() {
  return kTunables;
}

}  // namespace netstack::tunables
