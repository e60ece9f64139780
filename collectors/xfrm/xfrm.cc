#include <memory>

#include "collectors/collector.h"
#include "collectors/xfrm/families.h"
#include "collectors/xfrm/xfrm_stat.h"

namespace netstack::xfrm {
namespace {

constexpr std::size_t kFileSize = 4096;

class XfrmCollector : public Collector {
 public:
  explicit XfrmCollector(const Kernel& kernel)
      : file_(kernel.ProcFile("net/xfrm_stat", kFileSize)) {}

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
  static void Add(const Counter& counter, Samples& out) {
    switch (counter.direction) {
      case Counter::Direction::kReceive:
        return out.Add(kFamilies[kReceiveErrors], {counter.cause}, counter.value);
      case Counter::Direction::kTransmit:
        return out.Add(kFamilies[kTransmitErrors], {counter.cause}, counter.value);
      case Counter::Direction::kAcquire:
        return out.Add(kFamilies[kAcquireErrors], {}, counter.value);
      case Counter::Direction::kOther:
        return;  // Of neither path: nobody could say what it means.
    }
  }

  File file_;
  XfrmStat stat_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "xfrm",
    .summary = "IPsec: packets refused or not sent, by cause.",
    .families = kFamilies,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<XfrmCollector>(context.kernel);
    },
};

}  // namespace netstack::xfrm
