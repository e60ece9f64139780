#include "kernel/bpf/napi_watcher.h"

#include <algorithm>

#include "kernel/bpf/objects.h"
#include "kernel/bpf/own_namespace.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/times.h"

namespace netstack {
namespace {

void AddRow(const netstack_softirq_row& row, std::array<SoftirqTimes, 2>& out) {
  for (std::size_t context = 0; context < out.size(); ++context) {
    AddTimes(row.waiting[context], row.waiting_sum[context], out[context].waiting);
    AddTimes(row.running[context], row.running_sum[context], out[context].running);
  }
}

bool Runs(std::span<const ProgramStatus> statuses, std::string_view prefix) {
  return std::ranges::all_of(statuses, [&](const ProgramStatus& status) {
    return !status.name.starts_with(prefix) || status.state == ProgramState::kOk;
  });
}

}  // namespace

std::shared_ptr<NapiWatcher> NapiWatcher::Load(const btf* types,
                                               std::span<ProgramStatus> statuses) {
  const netstack_napi_config config = {.netns = OwnNetworkNamespace()};
  const ObjectPlan plan = {
      .collector = "napi",
      .elf = NapiElf(),
      .hooks = kNapiHooks,
      .maps = {{.name = "napi_rows", .rows_per_cpu = NETSTACK_NAPI_DEVICES},
               {.name = "napi_queue_rows", .rows_per_cpu = NETSTACK_NAPI_QUEUES},
               {.name = "softirq_rows", .rows_per_cpu = 2},
               {.name = ".bss", .writable = true}},
      .config = BytesOf(config),
  };
  std::shared_ptr<NapiWatcher> watcher(new NapiWatcher);
  watcher->object_ = LoadObject(plan, types, statuses);
  if (!watcher->object_) return nullptr;
  watcher->sees_polls_ = Runs(statuses, "napi_poll");
  watcher->sees_softirqs_ = Runs(statuses, "softirq");
  return watcher;
}

NapiQueue NapiWatcher::SumOf(std::size_t row) const {
  const auto rows = object_->maps.find("napi_queue_rows")->second.Rows<netstack_napi_queue_row>();
  NapiQueue sum;
  for (std::size_t at = row; at < rows.size(); at += NETSTACK_NAPI_QUEUES) {
    sum.polls += rows[at].polls;
    sum.work += rows[at].work;
    sum.exhausted += rows[at].exhausted;
  }
  return sum;
}

// Of two instances whose ids share their low bits, the later one is not counted; ids come one after
// the other, so there are thousands between two such.
void NapiWatcher::SetQueues(std::span<const std::uint32_t> napi_ids) {
  const std::scoped_lock lock(mutex_);
  auto& settings = object_->maps.find(".bss")->second.Only<netstack_napi_settings>();
  queues_.Assign(napi_ids, [&](std::size_t row) { bases_[row] = SumOf(row); });
  std::ranges::copy(queues_.keys(), settings.ids);
  std::ranges::fill(settings.rows, __u16{0});
  for (std::size_t row = NETSTACK_NAPI_QUEUES - 1; row > 0; --row) {
    const std::uint32_t id = queues_.keys()[row];
    if (id != 0) settings.rows[id % NETSTACK_NAPI_IDS] = static_cast<__u16>(row);
  }
}

void NapiWatcher::ReadQueues(std::vector<NapiQueue>& out) const {
  out.clear();
  for (std::size_t row = 1; row < NETSTACK_NAPI_QUEUES; ++row) {
    if (queues_.keys()[row] == 0) continue;
    NapiQueue queue = SumOf(row);
    queue.napi_id = queues_.keys()[row];
    queue.polls -= bases_[row].polls;
    queue.work -= bases_[row].work;
    queue.exhausted -= bases_[row].exhausted;
    out.push_back(queue);
  }
}

void NapiWatcher::Read(NapiRecord& out) {
  const std::scoped_lock lock(mutex_);
  ReadQueues(out.queues);
  out.devices.clear();
  out.receive = out.transmit = {};
  out.sees_polls = sees_polls_;
  out.sees_softirqs = sees_softirqs_;
  const auto rows = object_->maps.find("napi_rows")->second.Rows<netstack_napi_row>();
  for (std::uint32_t number = 0; number < NETSTACK_NAPI_DEVICES; ++number) {
    NapiDevice device = {.ifindex = number};
    for (std::size_t at = number; at < rows.size(); at += NETSTACK_NAPI_DEVICES) {
      device.polls += rows[at].polls;
      device.work += rows[at].work;
      device.exhausted += rows[at].exhausted;
      for (std::size_t bin = 0; bin < device.bins.size(); ++bin) {
        device.bins[bin] += rows[at].bins[bin];
      }
    }
    if (device.polls != 0) out.devices.push_back(device);
  }
  const auto softirqs = object_->maps.find("softirq_rows")->second.Rows<netstack_softirq_row>();
  for (std::size_t at = 0; at + 1 < softirqs.size(); at += 2) {
    AddRow(softirqs[at], out.transmit);
    AddRow(softirqs[at + 1], out.receive);
  }
}

}  // namespace netstack
