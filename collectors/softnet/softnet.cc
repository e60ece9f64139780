#include <charconv>
#include <memory>

#include "collectors/collector.h"
#include "collectors/softnet/families.h"
#include "collectors/softnet/softirqs.h"
#include "collectors/softnet/softnet_stat.h"

namespace netstack::softnet {
namespace {

constexpr std::size_t kSoftirqsSize = 8192;
constexpr std::size_t kOnlineSize = 64;

// Decimal text of a CPU number, without allocating.
class CpuLabel {
 public:
  explicit CpuLabel(std::uint32_t cpu)
      : size_(static_cast<std::size_t>(std::to_chars(text_, text_ + sizeof text_, cpu).ptr -
                                       text_)) {}
  operator std::string_view() const { return {text_, size_}; }  // NOLINT: implicit on purpose

 private:
  char text_[10];
  std::size_t size_;
};

class SoftnetCollector : public Collector {
 public:
  explicit SoftnetCollector(const Kernel& kernel)
      : stat_file_(kernel.ProcFile("net/softnet_stat")),
        softirqs_file_(kernel.ProcFile("softirqs", kSoftirqsSize)),
        online_file_(kernel.SysFile("devices/system/cpu/online", kOnlineSize)) {}

  Outcome Collect(Samples& out) override {
    const Result<std::string_view> text = stat_file_.Read();
    if (!text) return Outcome::FromError(text.error());
    const Result<std::string_view> online = online_file_.Read();
    if (Status parsed = ParseSoftnetStat(*text, online ? *online : std::string_view{}, stat_);
        !parsed) {
      return Outcome::FromError(parsed.error());
    }
    for (const CpuSoftnet& cpu : stat_.cpus) AddCpu(cpu, out);
    return CollectSoftirqs(out);
  }

 private:
  static void AddCpu(const CpuSoftnet& cpu, Samples& out) {
    const CpuLabel label(cpu.cpu);
    const auto add = [&](FamilyIndex index, std::uint32_t value) {
      out.Add(kFamilies[index], {label}, std::uint64_t{value});
    };
    add(kProcessed, cpu.processed);
    add(kDropped, cpu.dropped);
    add(kTimeSqueeze, cpu.time_squeeze);
    add(kReceivedRps, cpu.received_rps);
    if (cpu.flow_limit) add(kFlowLimit, *cpu.flow_limit);
    if (cpu.backlog) add(kBacklog, *cpu.backlog);
    if (cpu.input_queue) add(kBacklogInput, *cpu.input_queue);
    if (cpu.process_queue) add(kBacklogProcess, *cpu.process_queue);
  }

  bool IsOnline(std::uint32_t cpu) const {
    for (const CpuSoftnet& online : stat_.cpus) {
      if (online.cpu == cpu) return true;
    }
    return false;
  }

  // /proc/softirqs lists every possible CPU; those that are not online would be dead series.
  Outcome CollectSoftirqs(Samples& out) {
    const Result<std::string_view> text = softirqs_file_.Read();
    if (!text) return {.state = CollectorState::kPartial, .error = text.error()};
    if (Status parsed = ParseSoftirqs(*text, softirqs_); !parsed) {
      return {.state = CollectorState::kPartial, .error = parsed.error()};
    }
    for (const Softirqs::PerCpu& cpu : softirqs_.cpus) {
      if (cpu.net_rx == 0 && cpu.net_tx == 0 && !IsOnline(cpu.cpu)) continue;
      const CpuLabel label(cpu.cpu);
      out.Add(kFamilies[kNetRx], {label}, std::uint64_t{cpu.net_rx});
      out.Add(kFamilies[kNetTx], {label}, std::uint64_t{cpu.net_tx});
    }
    return {};
  }

  File stat_file_;
  File softirqs_file_;
  File online_file_;
  SoftnetStat stat_;
  Softirqs softirqs_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "softnet",
    .summary = "Per-CPU receive work, backlog and its drops, from softnet_stat and softirqs.",
    .families = kFamilies,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<SoftnetCollector>(context.kernel);
    },
};

}  // namespace netstack::softnet
