#include "collectors/qdisc/queue_values.h"

#include <algorithm>

#include "collectors/qdisc/families.h"
#include "collectors/qdisc/kinds.h"

namespace netstack::qdisc {

void ReadValues(const Qdisc& qdisc, std::optional<std::uint32_t> transmit_queue_length,
                bool is_leaf, ValueSet& out) {
  out.Clear();
  out.Set(kBytes, qdisc.bytes);
  out.Set(kPackets, qdisc.packets);
  out.Set(kDrops, std::uint64_t{qdisc.drops});
  out.Set(kRequeues, std::uint64_t{qdisc.requeues});
  out.Set(kOverlimits, std::uint64_t{qdisc.overlimits});
  out.Set(kQueueLength, std::uint64_t{qdisc.queue_length});
  out.Set(kBacklog, std::uint64_t{qdisc.backlog});
  if (qdisc.kind == "pfifo_fast" && transmit_queue_length) {
    out.Set(kLimitPackets, std::uint64_t{*transmit_queue_length});
  }
  // tbf and red keep a queue inside, and their limit is its. Once it was replaced by another, that
  // one's limit holds, and they go on telling the former.
  const bool limit_is_replaced = (qdisc.kind == "tbf" || qdisc.kind == "red") && !is_leaf;
  ForEachKindValue(qdisc, [&](FamilyIndex family, Number value) {
    if (family != kLimitBytes || !limit_is_replaced) out.Set(family, value);
  });
  out.Set(kQueueLengthMax, out.Get(kQueueLength));
  out.Set(kBacklogMax, out.Get(kBacklog));
}

double FillOf(const ValueSet& values) {
  double worst = -1;
  const auto hold = [&](FamilyIndex depth, FamilyIndex limit) {
    if (!values.Has(depth) || !values.Has(limit) || values.Get(limit).integer == 0) return;
    worst = std::max(worst, values.Get(depth).AsDouble() / values.Get(limit).AsDouble());
  };
  hold(kQueueLength, kLimitPackets);
  hold(kBacklog, kLimitBytes);
  hold(kMemoryUsage, kMemoryLimit);
  return worst;
}

}  // namespace netstack::qdisc
