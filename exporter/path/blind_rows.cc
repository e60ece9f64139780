#include "exporter/path/rows.h"

namespace netstack {
namespace {

constexpr auto kRows = std::to_array<BlindRow>({
    {Path::kReceive, Stage::kXdp, "no_ebpf",
     "Drops of generic XDP have no counter in any kernel; those of native XDP only the driver's."},
    {Path::kReceive, Stage::kIngress, "no_ebpf",
     "rx_dropped mixes stages, and is counted only where no packet can be in a backlog; drop "
     "reasons "
     "tell them apart."},
    {Path::kReceive, Stage::kNetfilter, "no_ebpf",
     "Packets dropped by rules have no counter; drop reasons show them."},
    {Path::kTransmit, Stage::kSocket, "no_ebpf",
     "A full send buffer is told apart from the drops below only by tracing."},
    {Path::kTransmit, Stage::kNetfilter, "no_ebpf",
     "IpOutDiscards mixes output rules with other drops; drop reasons tell them apart."},
    {Path::kTransmit, Stage::kEgress, "no_ebpf",
     "Drops of tcx programs have no counter, and clsact has one for both directions; drop reasons "
     "tell them apart."},
    {Path::kTransmit, Stage::kQueue, "no_ebpf",
     "tx_dropped of a veth repeats what the backlog behind it lost, and has more than that; drop "
     "reasons tell them apart."},
});

}  // namespace

std::span<const BlindRow> BlindRows() {
  return kRows;
}

}  // namespace netstack
