#include "kernel/bpf/accept_watcher.h"

#include <sys/syscall.h>

#include <algorithm>

#include "kernel/bpf/objects.h"
#include "kernel/bpf/own_namespace.h"
#include "kernel/bpf/times.h"

namespace netstack {
namespace {

constexpr std::uint8_t kFirst = 1;  // 0 is for ports without a group.
// Longer than any connection is likely to wait that still has the number of a former port.
constexpr std::chrono::minutes kKeep(10);

void Subtract(const BinnedValues& base, BinnedValues& out) {
  for (std::size_t bin = 0; bin < out.bins.size(); ++bin) out.bins[bin] -= base.bins[bin];
  out.sum -= base.sum;
}

// One end is of no use without the other: what was at work has become what the other has.
void GiveUp(std::span<ProgramStatus> statuses) {
  const auto failed = std::ranges::find_if(
      statuses, [](const ProgramStatus& status) { return status.state != ProgramState::kOk; });
  if (failed == statuses.end()) return;
  for (ProgramStatus& status : statuses) {
    if (status.state != ProgramState::kOk) continue;
    status.state = failed->state;
    status.hook.clear();
    status.last_failure.reset();
    status.detail = "of no use without " + std::string(failed->name);
  }
}

PeakGroups::Table TableOf(const LoadedObject& object) {
  return object.maps.find(".bss")->second.Only<netstack_accept_settings>().in;
}

}  // namespace

std::shared_ptr<AcceptWatcher> AcceptWatcher::Load(const btf* types,
                                                   std::span<ProgramStatus> statuses) {
  const netstack_accept_config config = {
      .netns = OwnNetworkNamespace(), .accept = SYS_accept, .accept4 = SYS_accept4};
  const ObjectPlan plan = {
      .collector = "queue_peaks",
      .elf = AcceptWaitElf(),
      .hooks = kAcceptHooks,
      .maps = {{.name = "accept_rows", .rows_per_cpu = 1}, {.name = ".bss", .writable = true}},
      .config = BytesOf(config)};
  std::unique_ptr<LoadedObject> object = LoadObject(plan, types, statuses);
  if (!object || object->programs.size() != kAcceptHooks.size()) {
    GiveUp(statuses);
    return nullptr;
  }
  return std::shared_ptr<AcceptWatcher>(new AcceptWatcher(std::move(object)));
}

AcceptWatcher::AcceptWatcher(std::unique_ptr<LoadedObject> object)
    : object_(std::move(object)),
      rows_(object_->maps.find("accept_rows")->second.Rows<netstack_accept_row>()),
      groups_(TableOf(*object_), TableOf(*object_), kFirst),
      bases_(NETSTACK_PEAK_GROUPS) {}

void AcceptWatcher::SetPorts(std::span<const std::uint16_t> listening, std::size_t most) {
  const std::scoped_lock lock(mutex_);
  groups_.Assign(listening, {}, most, PeakGroups::Clock::now(), kKeep);
  for (std::size_t i = 0; i < groups_.groups().size(); ++i) {
    if (!groups_.groups()[i].is_new) continue;
    const std::size_t number = i + kFirst;
    bases_[number] = {};
    BinnedValues now;
    ReadGroup(number, now);
    bases_[number] = now;
  }
}

void AcceptWatcher::ReadGroup(std::size_t number, BinnedValues& out) const {
  for (const netstack_accept_row& row : rows_) AddTimes(row.waits[number], out);
  Subtract(bases_[number], out);
}

void AcceptWatcher::Read(AcceptRecord& out) {
  const std::scoped_lock lock(mutex_);
  out.listeners.clear();
  out.lost = 0;
  for (const netstack_accept_row& row : rows_) out.lost += row.lost;
  for (std::size_t i = 0; i < groups_.groups().size(); ++i) {
    AcceptWaits& listener = out.listeners.emplace_back();
    listener.port = groups_.groups()[i].port;
    ReadGroup(i + kFirst, listener.waits);
  }
}

}  // namespace netstack
