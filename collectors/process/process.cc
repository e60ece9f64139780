#include <unistd.h>

#include <memory>
#include <utility>

#include "collectors/collector.h"
#include "collectors/process/boot_time.h"
#include "collectors/process/families.h"
#include "collectors/process/limits.h"
#include "collectors/process/self_stat.h"
#include "kernel/open_fds.h"

namespace netstack::process {
namespace {

constexpr std::size_t kFileSize = 4096;

class ProcessCollector : public Collector {
 public:
  explicit ProcessCollector(const Kernel& kernel)
      : stat_file_(kernel.ProcFile("self/stat", kFileSize)),
        limits_file_(kernel.ProcFile("self/limits", kFileSize)),
        boot_file_(kernel.ProcFile("stat")),
        open_fds_(kernel.roots.Proc("self/fd")) {}

  Outcome Collect(Samples& out) override {
    SelfStat stat;
    const Result<std::string_view> text = stat_file_.Read();
    if (!text) return Outcome::FromError(text.error());
    if (Status parsed = ParseSelfStat(*text, stat); !parsed) {
      return Outcome::FromError(parsed.error());
    }
    AddStat(stat, out);
    const Status start_time = AddStartTime(stat, out);
    const Status open_fds = AddOpenFds(out);
    const Status limits = AddLimits(out);
    for (const Status& status : {start_time, open_fds, limits}) {
      if (!status) return {.state = CollectorState::kPartial, .error = status.error()};
    }
    return {};
  }

 private:
  void AddStat(const SelfStat& stat, Samples& out) const {
    const auto ticks = static_cast<double>(stat.user_ticks + stat.system_ticks);
    out.Add(kFamilies[kCpuSeconds], {}, ticks / ticks_per_second_);
    out.Add(kFamilies[kVirtualMemory], {}, stat.virtual_bytes);
    out.Add(kFamilies[kResidentMemory], {}, stat.resident_pages * page_size_);
    out.Add(kFamilies[kThreads], {}, stat.threads);
  }

  // The boot time is read once: it moves with the clock, and a start time must not.
  Status AddStartTime(const SelfStat& stat, Samples& out) {
    if (!boot_time_) {
      const Result<std::string_view> text = boot_file_.Read();
      if (!text) return text.error();
      const Result<std::uint64_t> boot_time = ParseBootTime(*text);
      if (!boot_time) return boot_time.error();
      boot_time_ = *boot_time;
      boot_file_ = File({});  // Its buffer and descriptor are of no more use.
    }
    const double since_boot = static_cast<double>(stat.start_ticks) / ticks_per_second_;
    out.Add(kFamilies[kStartTime], {}, static_cast<double>(*boot_time_) + since_boot);
    return {};
  }

  Status AddOpenFds(Samples& out) {
    const Result<std::size_t> count = open_fds_.Count();
    if (!count) return count.error();
    out.Add(kFamilies[kOpenFds], {}, std::uint64_t{*count});
    return {};
  }

  Status AddLimits(Samples& out) {
    const Result<std::string_view> text = limits_file_.Read();
    if (!text) return text.error();
    Limits limits;
    if (Status parsed = ParseLimits(*text, limits); !parsed) return parsed;
    if (limits.open_files) out.Add(kFamilies[kMaxFds], {}, *limits.open_files);
    if (limits.address_space_bytes) {
      out.Add(kFamilies[kVirtualMemoryMax], {}, *limits.address_space_bytes);
    }
    return {};
  }

  const double ticks_per_second_ = static_cast<double>(sysconf(_SC_CLK_TCK));
  const std::uint64_t page_size_ = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  File stat_file_;
  File limits_file_;
  File boot_file_;
  OpenFds open_fds_;
  std::optional<std::uint64_t> boot_time_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "process",
    .summary = "The exporter itself, under the names of the client libraries, from /proc/self.",
    .families = kFamilies,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<ProcessCollector>(context.kernel);
    },
};

}  // namespace netstack::process
