#include <array>
#include <memory>

#include "collectors/collector.h"
#include "collectors/conntrack/families.h"
#include "collectors/conntrack/netlink_statistics.h"
#include "collectors/per_cpu_stat.h"
#include "kernel/missing.h"
#include "kernel/text.h"

namespace netstack::conntrack {
namespace {

constexpr std::string_view kStatFile = "net/stat/nf_conntrack";
constexpr std::size_t kSysctlSize = 32;

struct SysctlRow {
  std::string_view file;
  FamilyIndex family;
  std::string_view column;  // What netlink calls it, if it tells.
};
constexpr auto kSysctls = std::to_array<SysctlRow>({
    {"sys/net/netfilter/nf_conntrack_count", kEntries, "entries"},
    {"sys/net/netfilter/nf_conntrack_max", kEntriesLimit, "max"},
    {"sys/net/netfilter/nf_conntrack_buckets", kBuckets, ""},
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
        by_netlink_(kernel_),
        sysctls_{Sysctl(kernel, 0), Sysctl(kernel, 1), Sysctl(kernel, 2)} {}

  Outcome Collect(Samples& out) override {
    error_.reset();
    absent_.reset();
    const bool has_told = AskByNetlink();
    AddTable(has_told ? &told_ : nullptr, out);
    AddColumns(has_told, out);
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

  // False where the files have to tell. Who is refused once is not allowed later either.
  bool AskByNetlink() {
    if (refusal_ || !by_netlink_.IsLoaded()) return false;
    const Status read = by_netlink_.Read(told_);
    if (read) return true;
    if (read.error().kind == ErrorKind::kNoPermission) {
      refusal_ = read.error();
    } else if (!IsMissing(read.error())) {
      Note(read.error());
    }
    return false;
  }

  // `told` is what netlink said; null without.
  void AddTable(const PerCpuStat* told, Samples& out) {
    for (std::size_t i = 0; i < sysctls_.size(); ++i) {
      std::optional<std::uint64_t> value;
      if (told != nullptr) value = told->Sum(kSysctls[i].column);
      if (!value) value = ReadSysctl(sysctls_[i]);
      if (value) out.Add(kFamilies[kSysctls[i].family], {}, *value);
    }
  }

  std::optional<std::uint64_t> ReadSysctl(File& file) {
    const Result<std::string_view> text = file.Read();
    if (!text) {
      Note(text.error());
      return std::nullopt;
    }
    const std::optional<std::uint64_t> value = ParseDecimal(Trimmed(*text));
    if (!value) Note(MalformedAt(file.path(), 1, "not a number", Trimmed(*text)));
    return value;
  }

  Status ReadFile(bool has_table) {
    const Result<std::string_view> text = stat_file_.Read();
    if (text) return ParsePerCpuStat(*text, stat_file_.path(), written_);
    // A kernel that has no such file shows the numbers to the privileged only.
    const bool is_refused = text.error().kind == ErrorKind::kAbsent && has_table && refusal_;
    return is_refused ? *refusal_ : text.error();
  }

  void AddColumns(bool has_told, Samples& out) {
    if (!has_told) {
      const Status read = ReadFile(out.size() != 0);
      if (!read && refusal_ && out.size() != 0) {
        out.Add(kFamilies[kSource], {"no_permission"}, std::uint64_t{1});
      }
      if (!read) return Note(read.error());
    }
    const PerCpuStat& stat = has_told ? told_ : written_;
    for (const ColumnRow& row : kColumns) {
      const auto sum = stat.Sum(row.column);
      if (!sum || (row.only_if_counted && *sum == 0)) continue;
      // The sum wraps as each CPU's counter does, so that no wrap of one looks like a reset.
      out.Add(kFamilies[row.family], {}, *sum & UINT32_MAX);
    }
    out.Add(kFamilies[kSource], {has_told ? "netlink" : "proc"}, std::uint64_t{1});
  }

  Kernel kernel_;
  File stat_file_;
  NetlinkStatistics by_netlink_;
  std::array<File, kSysctls.size()> sysctls_;
  PerCpuStat told_;               // By netlink.
  PerCpuStat written_;            // In the file.
  std::optional<Error> refusal_;  // By netlink, for want of CAP_NET_ADMIN.
  std::optional<Error> error_;    // The first of this round; so is the next.
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
