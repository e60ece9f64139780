#include <memory>
#include <string>

#include "collectors/collector.h"
#include "collectors/host/families.h"

namespace netstack::host {
namespace {

// Below /proc/sys/net every process finds the settings of its own network namespace, whatever mount
// of procfs it looks through. The kernel registers netdev_max_backlog for the initial namespace
// only and somaxconn for every one, so two look-ups tell which of them this is, without privilege.
class HostCollector : public Collector {
 public:
  explicit HostCollector(const Kernel& kernel)
      : initial_only_(kernel.roots.Proc("sys/net/core/netdev_max_backlog")),
        everywhere_(kernel.roots.Proc("sys/net/core/somaxconn")) {}

  Outcome Collect(Samples& out) override {
    const Result<bool> initial = FileExists(initial_only_);
    if (!initial.ok()) return Outcome::FromError(initial.error());
    if (!*initial) {
      const Result<bool> any = FileExists(everywhere_);
      if (!any.ok()) return Outcome::FromError(any.error());
      if (!*any) return CannotTell();
    }
    out.Add(kFamilies[kNetworkVisible], {}, std::uint64_t{*initial ? 1u : 0u});
    return {};
  }

 private:
  Outcome CannotTell() const {
    return Outcome::FromError({.kind = ErrorKind::kAbsent,
                               .path = everywhere_,
                               .what = "no network settings are shown here"});
  }

  const std::string initial_only_;
  const std::string everywhere_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "host",
    .summary = "Whether the exporter sees the network of the host or only that of a container.",
    .families = kFamilies,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<HostCollector>(context.kernel);
    },
};

}  // namespace netstack::host
