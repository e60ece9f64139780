#include "kernel/bpf/prune_watcher.h"

#include <algorithm>

#include "kernel/bpf/objects.h"
#include "kernel/bpf/own_namespace.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/times.h"

namespace netstack {
namespace {

// Whether both the start and the end of something are seen.
bool AreSeen(std::span<const ProgramStatus> statuses, std::string_view prefix) {
  return std::ranges::all_of(statuses, [&](const ProgramStatus& status) {
    return !status.name.starts_with(prefix) || status.state == ProgramState::kOk;
  });
}

}  // namespace

std::shared_ptr<PruneWatcher> PruneWatcher::Load(const btf* types,
                                                 std::span<ProgramStatus> statuses) {
  const ObjectPlan plan = {.collector = "queue_peaks",
                           .elf = TcpPruneElf(),
                           .hooks = kPruneHooks,
                           .maps = {{.name = "prune_rows", .rows_per_cpu = 1}},
                           .config = BytesOf(std::uint32_t{0})};
  std::shared_ptr<PruneWatcher> watcher(new PruneWatcher);
  watcher->object_ = LoadObject(plan, types, statuses);
  if (!watcher->object_) return nullptr;
  watcher->sees_collapse_ = AreSeen(statuses, "tcp_collapse");
  watcher->sees_prune_ = AreSeen(statuses, "tcp_prune");
  return watcher;
}

void PruneWatcher::Read(PruneRecord& out) {
  out = {.sees_collapse = sees_collapse_, .sees_prune = sees_prune_};
  for (const auto& row : object_->maps.find("prune_rows")->second.Rows<netstack_prune_row>()) {
    AddTimes(row.times[NETSTACK_PRUNE_COLLAPSE], out.collapse);
    AddTimes(row.times[NETSTACK_PRUNE_OUT_OF_ORDER], out.prune);
    out.lost += row.lost;
  }
}

}  // namespace netstack
