#include <memory>
#include <vector>

#include "collectors/bpf_source.h"
#include "collectors/collector.h"
#include "collectors/drops/families.h"
#include "collectors/drops/reason_rows.h"

namespace netstack::drops {
namespace {

class DropsCollector : public Collector {
 public:
  explicit DropsCollector(const Kernel& kernel) : bpf_(kernel.bpf) {}

  Outcome Collect(Samples& out) override {
    const std::shared_ptr<DropSource> source = bpf_ == nullptr ? nullptr : bpf_->drops();
    if (source == nullptr) return NoPrograms();
    source->Read(counts_);
    // The reasons stay in their places but for those that the kernel has no name for.
    rows_.resize(counts_.size());
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (rows_[i].reason != counts_[i].reason) rows_[i] = RowOf(counts_[i].reason);
      Add(counts_[i], rows_[i], source->KnowsNamespaces(), out);
    }
    return {};
  }

 private:
  // A loss is there from the start; what is none, from the first packet on.
  static void Add(const DropCount& count, const ReasonRow& row, bool knows_namespaces,
                  Samples& out) {
    if (count.packets != 0 || row.meaning == Meaning::kLoss) {
      out.Add(kFamilies[kDrops], {Slug(row.stage), Slug(row.meaning), count.reason}, count.packets);
    }
    if (!knows_namespaces || !HasDevice(count.reason)) return;
    out.Add(kFamilies[kReceived], {count.reason}, count.received);
    out.Add(kFamilies[kSent], {count.reason}, count.sent);
  }

  BpfSource* const bpf_;
  std::vector<DropCount> counts_;
  std::vector<ReasonRow> rows_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "drops",
    .summary = "Every packet the kernel throws away, by its reason (eBPF).",
    .families = kFamilies,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<DropsCollector>(context.kernel);
    },
};

}  // namespace netstack::drops
