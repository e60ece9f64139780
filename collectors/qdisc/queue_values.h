#pragma once

#include <cstdint>
#include <optional>

#include "collectors/qdisc/qdisc_message.h"
#include "collectors/qdisc/value_set.h"

namespace netstack::qdisc {

// All that is known of `qdisc`, by family, in place of what `out` had. `transmit_queue_length` is
// that of its device.
void ReadValues(const Qdisc& qdisc, std::optional<std::uint32_t> transmit_queue_length,
                bool is_leaf, ValueSet& out);

// The worst depth over limit; negative when there is no limit.
double FillOf(const ValueSet& values);

}  // namespace netstack::qdisc
