#include <array>
#include <memory>

#include "collectors/collector.h"
#include "collectors/xfrm/families.h"
#include "collectors/xfrm/xfrm_stat.h"

namespace netstack::xfrm {
namespace {

constexpr std::size_t kFileSize = 4096;

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "zeros",
     .kind = OptionSpec::Kind::kBool,
     .default_value = "false",
     .help = "Show causes that never happened, too."},
});

class XfrmCollector : public Collector {
 public:
  XfrmCollector(const Kernel& kernel, bool zeros)
      : file_(kernel.ProcFile("net/xfrm_stat", kFileSize)), zeros_(zeros) {}

  Outcome Collect(Samples& out) override {
    const Result<std::string_view> text = file_.Read();
    if (!text) return Outcome::FromError(text.error());
    if (Status parsed = ParseXfrmStat(*text, stat_); !parsed) {
      return Outcome::FromError(parsed.error());
    }
    for (const Counter& counter : stat_.counters) Add(counter, out);
    return {};
  }

 private:
  // Most hosts have no IPsec and thirty causes. The ledger has its families from zero on.
  void Add(const Counter& counter, Samples& out) const {
    const Visibility visibility =
        zeros_ || counter.value != 0 ? Visibility::kEverywhere : Visibility::kHidden;
    switch (counter.direction) {
      case Counter::Direction::kReceive:
        return out.Add(kFamilies[kReceiveErrors], {counter.cause}, counter.value, visibility);
      case Counter::Direction::kTransmit:
        return out.Add(kFamilies[kTransmitErrors], {counter.cause}, counter.value, visibility);
      case Counter::Direction::kAcquire:
        return out.Add(kFamilies[kAcquireErrors], {}, counter.value);
      case Counter::Direction::kOther:
        return;  // Of neither path: nobody could say what it means.
    }
  }

  File file_;
  bool zeros_;
  XfrmStat stat_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "xfrm",
    .summary = "IPsec: packets refused or not sent, by cause.",
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<XfrmCollector>(context.kernel, context.options.Bool("zeros"));
    },
};

}  // namespace netstack::xfrm
