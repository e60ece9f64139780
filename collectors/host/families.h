#pragma once

#include <array>

#include "model/family.h"

namespace netstack::host {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_host_network_visible",
     .help = "1 when the exporter sees the network of the host, 0 when it sees only that of its "
             "own container.",
     .source = "presence of /proc/sys/net/core/netdev_max_backlog",
     .reading = "0: devices, sockets and counters are the container's. Run the exporter in the "
                "network of the host (docker run --network host, hostNetwork: true)."},
});
static_assert(FirstFault(kFamilies) == nullptr);

// Positions in the table, for the collector.
enum FamilyIndex : std::size_t { kNetworkVisible };
static_assert(kFamilies.size() == 1);

}  // namespace netstack::host
