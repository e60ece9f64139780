#include <array>
#include <memory>

#include "collectors/collector.h"
#include "collectors/conntrack/families.h"
#include "collectors/conntrack/netlink_statistics.h"
#include "collectors/per_cpu_stat.h"
#include "kernel/text.h"

namespace netstack::conntrack {
namespace {

constexpr std::string_view kStatFile = "net/stat/nf_conntrack";
constexpr std::size_t kSysctlSize = 32;

struct SysctlRow {
  std::string_view file;
  FamilyIndex family;
};
constexpr auto kSysctls = std::to_array<SysctlRow>({
    {"sys/net/netfilter/nf_conntrack_count", kEntries},
    {"sys/net/netfilter/nf_conntrack_max", kEntriesLimit},
    {"sys/net/netfilter/nf_conntrack_buckets", kBuckets},
});

// A column by its name. Some have become 0 for ever, and say something only where they are not.
struct ColumnRow {
  std::string_view column;
  FamilyIndex family;
  bool only_if_counted = false;
};
constexpr auto kColumns = std::to_array<ColumnRow>({
    {"drop", kDrop},
    {"chainlength", kChainTooLong},
    {"early_drop", kEarlyDrop},
    {"insert_failed", kInsertFailed},
    {"invalid", kInvalid},
    {"clashres", kClashResolved},
    {"search_restart", kSearchRestart},
    {"icmp_error", kError},
    {"found", kFound},
    {"insert", kInsert},
    {"expect_new", kExpectNew},
    {"expect_create", kExpectCreate},
    {"expect_delete", kExpectDelete},
    {"searched", kSearched, true},
    {"new", kNew, true},
    {"ignore", kIgnore, true},
    {"delete", kDelete, true},
    {"delete_list", kDeleteList, true},
    {"chaintoolong", kChainTooLong},
});

class ConntrackCollector : public Collector {
 public:
  explicit ConntrackCollector(const Kernel& kernel)
      : kernel_(kernel),
        stat_file_(kernel_.ProcFile(kStatFile)),
        by_netlink_(kernel_.netlink),
        sysctls_{Sysctl(kernel, 0), Sysctl(kernel, 1), Sysctl(kernel, 2)} {}

  Outcome Collect(Samples& out) override {
    error_.reset();
    absent_.reset();
    AddSysctls(out);
    AddColumns(out);
    // Without the module there is neither.
    if (out.size() == 0 && !error_) return Outcome::FromError(*absent_);
    if (out.size() == 0) return Outcome::FromError(*error_);
    if (error_) return {.state = CollectorState::kPartial, .error = error_};
    return {};
  }

 private:
  static File Sysctl(const Kernel& kernel, std::size_t row) {
    return kernel.ProcFile(kSysctls[row].file, kSysctlSize);
  }

  void Note(const Error& error) {
    std::optional<Error>& place = error.kind == ErrorKind::kAbsent ? absent_ : error_;
    if (!place) place = error;
  }

  void AddSysctls(Samples& out) {
    for (std::size_t i = 0; i < sysctls_.size(); ++i) {
      const Result<std::string_view> text = sysctls_[i].Read();
      if (!text) {
        Note(text.error());
        continue;
      }
      const auto value = ParseDecimal(Trimmed(*text));
      if (value) {
        out.Add(kFamilies[kSysctls[i].family], {}, *value);
      } else {
        Note(MalformedAt(sysctls_[i].path(), 1, "not a number", Trimmed(*text)));
      }
    }
  }

  // From the file, or where the kernel has a table but no file, by netlink.
  Status ReadStatistics(bool has_table) {
    const Result<std::string_view> text = stat_file_.Read();
    if (text) return ParsePerCpuStat(*text, stat_file_.path(), stat_);
    if (text.error().kind != ErrorKind::kAbsent || !has_table) return text.error();
    if (Status read = by_netlink_.Read(stat_); !read) {
      return read.error().kind == ErrorKind::kUnsupported ? text.error() : read.error();
    }
    return {};
  }

  void AddColumns(Samples& out) {
    if (Status read = ReadStatistics(out.size() != 0); !read) return Note(read.error());
    for (const ColumnRow& row : kColumns) {
      const auto sum = stat_.Sum(row.column);
      if (!sum || (row.only_if_counted && *sum == 0)) continue;
      // The sum wraps as each CPU's counter does, so that no wrap of one looks like a reset.
      out.Add(kFamilies[row.family], {}, *sum & UINT32_MAX);
    }
  }

  Kernel kernel_;
  File stat_file_;
  NetlinkStatistics by_netlink_;
  std::array<File, kSysctls.size()> sysctls_;
  PerCpuStat stat_;
  std::optional<Error> error_;  // The first of this round; so is the next.
  std::optional<Error> absent_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "conntrack",
    .summary = "Connection tracking: entries against their limit, losses, evictions.",
    .families = kFamilies,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<ConntrackCollector>(context.kernel);
    },
};

}  // namespace netstack::conntrack
