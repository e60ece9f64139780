#include "kernel/bpf/drop_counter.h"

#include <algorithm>
#include <cstring>

#include "kernel/bpf/objects.h"
#include "kernel/bpf/own_namespace.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/type_information.h"

namespace netstack {
namespace {

constexpr std::array<const char*, NETSTACK_DROP_SUBSYSTEMS> kMadeUp = {
    "unknown", "SUBSYSTEM_1", "SUBSYSTEM_2", "SUBSYSTEM_3"};

std::string MadeUpName(std::size_t cell) {
  return std::string(kMadeUp.at(cell / NETSTACK_DROP_REASONS)) + "_" +
         std::to_string(cell % NETSTACK_DROP_REASONS);
}

}  // namespace

std::shared_ptr<DropCounter> DropCounter::Load(const btf* types,
                                               std::span<ProgramStatus> statuses) {
  DropReasons reasons = ReadDropReasons(types);
  if (std::ranges::all_of(reasons.names, [](const std::string& name) { return name.empty(); })) {
    statuses.front().state = ProgramState::kNoTracepoint;
    statuses.front().detail = "this kernel gives no reasons";
    return nullptr;
  }
  netstack_drop_config config = {
      .first_reason = reasons.first, .netns = OwnNetworkNamespace(), .has_device = {}};
  std::shared_ptr<DropCounter> counter(new DropCounter);
  for (std::size_t cell = 0; cell < reasons.names.size(); ++cell) {
    std::string& name = reasons.names[cell];
    counter->is_named_.push_back(!name.empty());
    if (name.empty()) name = MadeUpName(cell);
    config.has_device[cell] = HasDevice(name) ? 1 : 0;
  }
  counter->names_ = std::move(reasons.names);
  const ObjectPlan plan = {
      .collector = "drops",
      .elf = DropsElf(),
      .hooks = kDropHooks,
      .maps = {{.name = "drop_rows", .rows_per_cpu = NETSTACK_DROP_CELLS}},
      .config = BytesOf(config),
  };
  counter->object_ = LoadObject(plan, types, statuses);
  if (!counter->object_) return nullptr;
  counter->knows_namespaces_ = statuses.front().hook.starts_with("tp_btf/");
  return counter;
}

void DropCounter::Read(std::vector<DropCount>& out) {
  const auto rows = object_->maps.find("drop_rows")->second.Rows<netstack_drop_row>();
  out.clear();
  for (std::size_t cell = 0; cell < names_.size(); ++cell) {
    DropCount count = {.reason = names_[cell]};
    for (std::size_t at = cell; at < rows.size(); at += names_.size()) {
      count.packets += rows[at].packets;
      count.received += rows[at].received;
      count.sent += rows[at].sent;
    }
    if (is_named_[cell] || count.packets != 0) out.push_back(count);
  }
}

}  // namespace netstack
