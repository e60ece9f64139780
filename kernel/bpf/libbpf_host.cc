#include <bpf/libbpf.h>
#include <malloc.h>

#include <array>
#include <mutex>

#include "kernel/bpf/accept_watcher.h"
#include "kernel/bpf/build.h"
#include "kernel/bpf/drop_counter.h"
#include "kernel/bpf/host.h"
#include "kernel/bpf/irq_timer.h"
#include "kernel/bpf/napi_watcher.h"
#include "kernel/bpf/prune_watcher.h"
#include "kernel/bpf/queue_watcher.h"
#include "kernel/bpf/tcp_iterator.h"
#include "kernel/bpf/type_information.h"
#include "kernel/capabilities.h"

namespace netstack {
namespace {

// The programs of one collector.
template <class Watcher>
class Group {
 public:
  explicit Group(const CollectorHooks& hooks)
      : hooks_(hooks), statuses_(AllIn(hooks, ProgramState::kDisabled)) {}

  const CollectorHooks& hooks() const { return hooks_; }
  bool Runs() const { return watcher_ != nullptr; }

  void SetAll(ProgramState state, std::string_view detail = {}) {
    watcher_.reset();
    statuses_ = AllIn(hooks_, state, detail);
  }
  void Load(const btf* types) { watcher_ = Watcher::Load(types, statuses_); }

  void AppendTo(std::vector<ProgramStatus>& out) {
    if (watcher_ != nullptr) {
      for (const LoadedObject::Program& program : watcher_->object().programs) {
        statuses_[program.status].missed = MissedRuns(program.program);
      }
    }
    out.insert(out.end(), statuses_.begin(), statuses_.end());
  }
  std::shared_ptr<Watcher> watcher() const { return watcher_; }

 private:
  const CollectorHooks& hooks_;
  std::vector<ProgramStatus> statuses_;
  std::shared_ptr<Watcher> watcher_;
};

class LibbpfHost : public BpfHost {
 public:
  LibbpfHost() { libbpf_set_print(nullptr); }

  void Use(const Wanted& wanted) override {
    const std::scoped_lock lock(mutex_);
    Btf types;
    ForEach([&](auto& group) {
      if (!wanted(group.hooks().collector, group.hooks().option)) {
        group.SetAll(ProgramState::kDisabled);
      } else if (!group.Runs()) {
        Load(group, types);
      }
    });
    has_begun_ = true;
    if (types != nullptr) {
      types.reset();
      malloc_trim(0);
    }
  }

  std::vector<ProgramStatus> Programs() override {
    const std::scoped_lock lock(mutex_);
    std::vector<ProgramStatus> all;
    ForEach([&](auto& group) { group.AppendTo(all); });
    return all;
  }

  std::shared_ptr<DropSource> drops() override { return WatcherOf(drops_); }
  std::shared_ptr<QueueSource> queues() override { return WatcherOf(queues_); }
  std::shared_ptr<NapiSource> napi() override { return WatcherOf(napi_); }
  std::shared_ptr<IrqSource> irqs() override { return WatcherOf(irqs_); }
  std::shared_ptr<TcpSockets> tcp_sockets() override { return WatcherOf(sockets_); }
  std::shared_ptr<PruneSource> prunes() override { return WatcherOf(prunes_); }
  std::shared_ptr<AcceptSource> accepts() override { return WatcherOf(accepts_); }

 private:
  template <class Visitor>
  void ForEach(Visitor&& visit) {
    visit(drops_);
    visit(queues_);
    visit(napi_);
    visit(sockets_);
    visit(prunes_);
    visit(accepts_);
    visit(irqs_);
  }

  // Who has given his capabilities up since the start can load no more, and that is not why a
  // program is not there.
  template <class Watcher>
  void Load(Group<Watcher>& group, Btf& types) {
    if (!MayLoadPrograms()) {
      if (!has_begun_) group.SetAll(ProgramState::kNoPermission);
      return;
    }
    if (types == nullptr) types = LoadKernelBtf();
    if (types == nullptr) return group.SetAll(ProgramState::kNoBtf);
    group.Load(types.get());
  }

  template <class Watcher>
  std::shared_ptr<Watcher> WatcherOf(const Group<Watcher>& group) {
    const std::scoped_lock lock(mutex_);
    return group.watcher();
  }

  std::mutex mutex_;  // Guards all below.
  bool has_begun_ = false;
  Group<DropCounter> drops_{kCollectorHooks[0]};
  Group<QueueWatcher> queues_{kCollectorHooks[1]};
  Group<NapiWatcher> napi_{kCollectorHooks[2]};
  Group<TcpIterator> sockets_{kCollectorHooks[3]};
  Group<PruneWatcher> prunes_{kCollectorHooks[4]};
  Group<AcceptWatcher> accepts_{kCollectorHooks[5]};
  Group<IrqTimer> irqs_{kCollectorHooks[6]};
};

}  // namespace

std::unique_ptr<BpfHost> MakeBpfHost() {
  return std::make_unique<LibbpfHost>();
}

std::string_view DescribeBpf() {
  return kBpfBuild;
}

}  // namespace netstack
