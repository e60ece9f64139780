#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "collectors/collector.h"
#include "collectors/protocols/counter_file.h"
#include "collectors/protocols/families.h"
#include "collectors/protocols/header_pairs.h"
#include "collectors/protocols/snmp6.h"
#include "collectors/tier_option.h"

namespace netstack::protocols {
namespace {

constexpr std::size_t kFileSize = 16'384;

constexpr auto kOptions = std::to_array<OptionSpec>({
    TierOption("How many of the protocol counters are shown; the path families use all of them.",
               "core|extended|all", "extended"),
});

Status ParseSnmp(std::string_view text, FieldValues& out) {
  return ParseHeaderPairs(text, "/proc/net/snmp", out);
}

Status ParseNetstat(std::string_view text, FieldValues& out) {
  return ParseHeaderPairs(text, "/proc/net/netstat", out);
}

class ProtocolsCollector : public Collector {
 public:
  ProtocolsCollector(const Kernel& kernel, Tier tier)
      : map_(kKnownFamilies),
        snmp_(kernel.ProcFile("net/snmp", kFileSize), ParseSnmp, map_, tier),
        netstat_(kernel.ProcFile("net/netstat", kFileSize), ParseNetstat, map_, tier),
        snmp6_(kernel.ProcFile("net/snmp6", kFileSize), ParseSnmp6, map_, tier) {}

  // A file that fails costs its own series only.
  Outcome Collect(Samples& out) override {
    std::optional<Error> error;
    std::size_t read = 0;
    const auto add = [&](CounterFile& file, bool may_be_absent) {
      if (Status added = file.AddTo(out); added) {
        ++read;
      } else if (!error && !(may_be_absent && added.error().kind == ErrorKind::kAbsent)) {
        error = added.error();
      }
    };
    add(snmp_, false);
    add(netstat_, false);
    add(snmp6_, true);  // Not there when IPv6 is off.
    if (!error) return {};
    if (read == 0) return Outcome::FromError(*std::move(error));
    return {.state = CollectorState::kPartial, .error = std::move(error)};
  }

 private:
  FieldMap map_;
  CounterFile snmp_;
  CounterFile netstat_;
  CounterFile snmp6_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "protocols",
    .summary = "Every counter of IP, ICMP, TCP, UDP and MPTCP, from snmp, snmp6 and netstat.",
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<ProtocolsCollector>(context.kernel, TierOf(context.options));
    },
};

}  // namespace netstack::protocols
