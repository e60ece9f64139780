#include "exporter/path/rows.h"

namespace netstack {
namespace {

// There when the drop reasons of this namespace are counted.
constexpr Term kReasons = {.family = "netstack_skb_received_drops_total"};
// There when they are told apart by the function.
constexpr Term kGenericXdp = {
    .family = "netstack_skb_device_drops_total", .label = "reason", .value = "generic_xdp"};
constexpr Term kTcEgress = {
    .family = "netstack_skb_device_drops_total", .label = "reason", .value = "TC_EGRESS"};
constexpr std::string_view kNoEbpf = "no_ebpf";
constexpr std::string_view kNoReason = "no_reason";

constexpr auto kRows = std::to_array<BlindRow>({
    {Path::kReceive, Stage::kXdp, kNoEbpf,
     "Drops of generic XDP have no counter in any kernel, nor have those of a veth's program but "
     "from its driver. The kernel's drops tell them by the function they come from, where "
     "/proc/kallsyms shows it at the start (CAP_SYSLOG).",
     kReasons, kNoReason, kGenericXdp},
    {.path = Path::kReceive,
     .stage = Stage::kXdp,
     .reason = "driver",
     .says = "The driver runs XDP programs and does not count what they drop.",
     .per = Per::kXdpNotCounted},
    {Path::kReceive, Stage::kIngress, kNoEbpf,
     "rx_dropped mixes stages, and is counted only where no packet can be in a backlog; drop "
     "reasons tell them apart, but for what the driver put into it. Drops of tcx programs have no "
     "counter but those.",
     kReasons, "driver"},
    {Path::kReceive, Stage::kNetfilter, kNoEbpf,
     "Packets dropped by rules have no counter; drop reasons show them.", kReasons},
    {Path::kTransmit, Stage::kSocket, kNoEbpf,
     "A full send buffer is told apart from the drops below only by tracing.", kReasons, kNoReason},
    {Path::kTransmit, Stage::kNetfilter, kNoEbpf,
     "IpOutDiscards mixes output rules with other drops; drop reasons tell them apart.", kReasons},
    {Path::kTransmit, Stage::kEgress, kNoEbpf,
     "Drops of tcx programs have no counter; drop reasons less what filters dropped tell them.",
     kReasons, kNoReason, kTcEgress},
    {Path::kTransmit, Stage::kQueue, kNoEbpf,
     "tx_dropped of a veth repeats what the backlog behind it lost, and has more than that.",
     kReasons, kNoReason},
});

}  // namespace

std::span<const BlindRow> BlindRows() {
  return kRows;
}

}  // namespace netstack
