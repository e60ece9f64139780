#pragma once

#include <array>

#include "model/family.h"

namespace netstack::xfrm {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_xfrm_receive_errors_total",
     .type = MetricType::kCounter,
     .path = Path::kReceive,
     .stage = Stage::kIp,
     .role = Role::kDrop,
     .labels = {"cause"},
     .help = "Packets that IPsec refused on their way in, or could not forward.",
     .source = "/proc/net/xfrm_stat XfrmIn* and XfrmFwd*; a cause that never happened is left out",
     .reading = "pol_block is a policy that says so; state_seq_error replayed or very late "
                "packets; no_states keys that this host does not have."},
    {.name = "netstack_xfrm_transmit_errors_total",
     .type = MetricType::kCounter,
     .path = Path::kTransmit,
     .stage = Stage::kIp,
     .role = Role::kDrop,
     .labels = {"cause"},
     .help = "Packets that IPsec did not send.",
     .source = "/proc/net/xfrm_stat XfrmOut*; a cause that never happened is left out",
     .reading = "no_states while keys are being negotiated, pol_block a policy that says so."},
    {.name = "netstack_xfrm_acquire_errors_total",
     .type = MetricType::kCounter,
     .path = Path::kTransmit,
     .stage = Stage::kIp,
     .role = Role::kPressure,
     .help = "Times the key daemon could not be asked for keys, or did not answer.",
     .source = "/proc/net/xfrm_stat XfrmAcquireError",
     .reading = "Rising: the key daemon is not running, or the peer does not answer it."},
});
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t { kReceiveErrors, kTransmitErrors, kAcquireErrors };
static_assert(kFamilies[kAcquireErrors].name == "netstack_xfrm_acquire_errors_total");

}  // namespace netstack::xfrm
