// What stands in for eBPF in an exporter that was built without it.
#include "kernel/bpf/build.h"
#include "kernel/bpf/hooks.h"
#include "kernel/bpf/host.h"
#include "kernel/bpf/socket_peaks.h"

namespace netstack {
namespace {

class NoBpfHost : public BpfHost {
 public:
  std::vector<ProgramStatus> Programs() override {
    std::vector<ProgramStatus> all;
    for (const CollectorHooks& collector : kCollectorHooks) {
      for (ProgramStatus& status : AllIn(collector, ProgramState::kNotBuilt, kBpfBuild)) {
        all.push_back(std::move(status));
      }
    }
    return all;
  }
  std::shared_ptr<DropSource> drops() override { return nullptr; }
  std::shared_ptr<QueueSource> queues() override { return nullptr; }
  std::shared_ptr<NapiSource> napi() override { return nullptr; }
  std::shared_ptr<IrqSource> irqs() override { return nullptr; }
  void Use(const Wanted&) override {}
};

}  // namespace

std::unique_ptr<BpfHost> MakeBpfHost() {
  return std::make_unique<NoBpfHost>();
}

Result<std::unique_ptr<SocketPeaks>> SocketPeaks::Open(const Options&) {
  return Error{.kind = ErrorKind::kUnsupported,
               .path = "eBPF",
               .what = std::string("built without it: ") + kBpfBuild};
}

std::string_view DescribeBpf() {
  return kBpfBuild;
}

}  // namespace netstack
