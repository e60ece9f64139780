#include <memory>

#include "collectors/bpf/families.h"
#include "collectors/bpf_source.h"
#include "collectors/collector.h"

namespace netstack::bpf {
namespace {

class BpfCollector : public Collector {
 public:
  explicit BpfCollector(const Kernel& kernel) : bpf_(kernel.bpf) {}

  Outcome Collect(Samples& out) override {
    if (bpf_ == nullptr) return NoPrograms();  // Only the running server has any.
    for (const ProgramStatus& program : bpf_->Programs()) {
      const std::string_view last_failure =
          program.last_failure ? Slug(*program.last_failure) : std::string_view();
      out.Add(kFamilies[kState],
              {program.collector, program.name, Slug(program.state), program.hook, last_failure},
              std::uint64_t{1});
      if (program.state != ProgramState::kOk || !program.missed) continue;
      out.Add(kFamilies[kMissed], {program.collector, program.name}, *program.missed);
    }
    return {};
  }

 private:
  BpfSource* const bpf_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "bpf",
    .summary = "The exporter's programs in the kernel: which work, and why others do not.",
    .enabled_by_default = false,
    .families = kFamilies,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<BpfCollector>(context.kernel);
    },
};

}  // namespace netstack::bpf
