#include <unistd.h>

#include <array>
#include <memory>
#include <utility>

#include "collectors/collector.h"
#include "collectors/sockstat/families.h"
#include "collectors/sockstat/limits.h"
#include "collectors/sockstat_file.h"

namespace netstack::sockstat {
namespace {

constexpr std::string_view kSockstatPath = "/proc/net/sockstat";
constexpr std::string_view kSockstat6Path = "/proc/net/sockstat6";
constexpr std::size_t kSockstatSize = 1024;
constexpr std::size_t kSysctlSize = 64;

// A number of the file, its family and what one of it is worth.
struct Row {
  Sockstat::Value Sockstat::*value;
  FamilyIndex family;
  bool pages = false;
};

constexpr auto kRows = std::to_array<Row>({
    {&Sockstat::sockets_used, kSocketsUsed},
    {&Sockstat::tcp_inuse, kTcpInuse},
    {&Sockstat::tcp_orphan, kTcpOrphans},
    {&Sockstat::tcp_time_wait, kTcpTimeWait},
    {&Sockstat::tcp_allocated, kTcpAllocated},
    {&Sockstat::tcp_memory, kTcpMemory, true},
    {&Sockstat::udp_inuse, kUdpInuse},
    {&Sockstat::udp_memory, kUdpMemory, true},
    {&Sockstat::udp_lite_inuse, kUdpLiteInuse},
    {&Sockstat::raw_inuse, kRawInuse},
    {&Sockstat::frag_inuse, kFragInuse},
    {&Sockstat::frag_memory, kFragMemory},
});

// A sysctl of one number.
struct LimitRow {
  std::string_view file;
  FamilyIndex family;
  std::string_view ip_version;  // Empty where the family has no such label.
};

constexpr auto kLimitRows = std::to_array<LimitRow>({
    {"sys/net/ipv4/tcp_max_orphans", kTcpOrphansLimit, ""},
    {"sys/net/ipv4/tcp_max_tw_buckets", kTcpTimeWaitLimit, ""},
    {"sys/net/ipv4/ipfrag_high_thresh", kFragMemoryLimit, "4"},
    {"sys/net/ipv6/ip6frag_high_thresh", kFragMemoryLimit, "6"},
});

std::uint64_t PageSize() {
  const long size = sysconf(_SC_PAGESIZE);
  return size > 0 ? static_cast<std::uint64_t>(size) : 4096;
}

class SockstatCollector : public Collector {
 public:
  explicit SockstatCollector(const Kernel& kernel)
      : page_size_(PageSize()),
        sockstat_(kernel.ProcFile("net/sockstat", kSockstatSize)),
        sockstat6_(kernel.ProcFile("net/sockstat6", kSockstatSize)),
        tcp_mem_(kernel.ProcFile("sys/net/ipv4/tcp_mem", kSysctlSize)),
        udp_mem_(kernel.ProcFile("sys/net/ipv4/udp_mem", kSysctlSize)),
        limits_{kernel.ProcFile(kLimitRows[0].file, kSysctlSize),
                kernel.ProcFile(kLimitRows[1].file, kSysctlSize),
                kernel.ProcFile(kLimitRows[2].file, kSysctlSize),
                kernel.ProcFile(kLimitRows[3].file, kSysctlSize)} {}

  Outcome Collect(Samples& out) override {
    error_.reset();
    const Result<std::string_view> text = sockstat_.Read();
    if (!text) return Outcome::FromError(text.error());
    if (Status parsed = ParseSockstat(*text, kSockstatPath, record_); !parsed) {
      return Outcome::FromError(parsed.error());
    }
    AddRecord("4", out);
    AddSockstat6(out);
    AddMemoryLimits(tcp_mem_, kTcpMemoryLimit, out);
    AddMemoryLimits(udp_mem_, kUdpMemoryLimit, out);
    for (std::size_t i = 0; i < limits_.size(); ++i) AddLimit(limits_[i], kLimitRows[i], out);
    if (error_) return {.state = CollectorState::kPartial, .error = std::move(error_)};
    return {};
  }

 private:
  void AddRecord(std::string_view ip_version, Samples& out) const {
    for (const Row& row : kRows) {
      const Sockstat::Value& value = record_.*row.value;
      if (!value) continue;
      Add(row.family, ip_version, row.pages ? Bytes(*value) : *value, out);
    }
  }

  // tcp_mem can be set to any number of pages.
  std::uint64_t Bytes(std::uint64_t pages) const {
    return pages <= UINT64_MAX / page_size_ ? pages * page_size_ : UINT64_MAX;
  }

  static void Add(FamilyIndex index, std::string_view label, std::uint64_t value, Samples& out) {
    const Family& family = kFamilies[index];
    out.Add(family, std::span(&label, family.label_count()), value);
  }

  // What is not there is not there: IPv6 is off, or this is a child network namespace, which lacks
  // the limits of the host. Anything else makes the outcome partial.
  void Note(const Error& error) {
    if (!error_ && error.kind != ErrorKind::kAbsent) error_ = error;
  }

  void AddSockstat6(Samples& out) {
    const Result<std::string_view> text = sockstat6_.Read();
    if (!text) return Note(text.error());
    if (Status parsed = ParseSockstat(*text, kSockstat6Path, record_); !parsed) {
      return Note(parsed.error());
    }
    AddRecord("6", out);
  }

  void AddMemoryLimits(File& file, FamilyIndex family, Samples& out) {
    const Result<std::string_view> text = file.Read();
    if (!text) return Note(text.error());
    MemoryLimits limits;
    if (Status parsed = ParseMemoryLimits(*text, file.path(), limits); !parsed) {
      return Note(parsed.error());
    }
    Add(family, "min", Bytes(limits.min), out);
    Add(family, "pressure", Bytes(limits.pressure), out);
    Add(family, "max", Bytes(limits.max), out);
  }

  void AddLimit(File& file, const LimitRow& row, Samples& out) {
    const Result<std::string_view> text = file.Read();
    if (!text) return Note(text.error());
    std::uint64_t limit = 0;
    if (Status parsed = ParseLimit(*text, file.path(), limit); !parsed) {
      return Note(parsed.error());
    }
    Add(row.family, row.ip_version, limit, out);
  }

  std::uint64_t page_size_;
  File sockstat_;
  File sockstat6_;
  File tcp_mem_;
  File udp_mem_;
  std::array<File, kLimitRows.size()> limits_;
  Sockstat record_;
  std::optional<Error> error_;  // The first of this round.
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "sockstat",
    .summary = "Sockets, TCP and UDP memory and fragments, with the limits they are held against.",
    .families = kFamilies,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<SockstatCollector>(context.kernel);
    },
};

}  // namespace netstack::sockstat
