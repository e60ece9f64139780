#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <memory>

#include "collectors/collector.h"
#include "collectors/neighbour/families.h"
#include "collectors/neighbour/table_message.h"
#include "collectors/per_cpu_stat.h"
#include "collectors/tier_option.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/open_once.h"

namespace netstack::neighbour {
namespace {

using Stats = Table::Stats;

constexpr auto kOptions = std::to_array<OptionSpec>({
    TierOption(
        "How much to show; extended adds the work of the tables, their lower thresholds, which "
        "the collector tunables has too, and all states."),
});

struct StatRow {
  std::uint64_t Stats::*value;
  FamilyIndex family;
};
constexpr auto kStatRows = std::to_array<StatRow>({
    {&Stats::res_failed, kResolutionFailures},
    {&Stats::forced_gc_runs, kForcedGcRuns},
    {&Stats::periodic_gc_runs, kPeriodicGcRuns},
    {&Stats::allocs, kAllocations},
    {&Stats::destroys, kDestroys},
    {&Stats::hash_grows, kHashGrows},
    {&Stats::lookups, kLookups},
    {&Stats::hits, kHits},
    {&Stats::rcv_probes_mcast, kMulticastProbes},
    {&Stats::rcv_probes_ucast, kUnicastProbes},
});

struct NumberRow {
  std::optional<std::uint32_t> Table::*value;
  FamilyIndex family;
};
constexpr auto kNumberRows = std::to_array<NumberRow>({
    {&Table::entries, kEntries},
    {&Table::threshold1, kThreshold1},
    {&Table::threshold2, kThreshold2},
    {&Table::threshold3, kThreshold3},
});

struct State {
  std::uint16_t bit;
  std::string_view name;
  bool matters = false;  // Even when there is none.
};
constexpr auto kStates = std::to_array<State>({
    {NUD_NONE, "none"},
    {NUD_INCOMPLETE, "incomplete", true},
    {NUD_REACHABLE, "reachable", true},
    {NUD_STALE, "stale", true},
    {NUD_DELAY, "delay"},
    {NUD_PROBE, "probe"},
    {NUD_FAILED, "failed", true},
    {NUD_NOARP, "noarp"},
    {NUD_PERMANENT, "permanent"},
});

// What there is twice: for ARP and for neighbour discovery.
struct Version {
  std::uint8_t family;
  std::string_view label;
  std::string_view stat_file;  // Also says unresolved_discards, which netlink does not.
};
constexpr auto kVersions = std::to_array<Version>({
    {AF_INET, "4", "net/stat/arp_cache"},
    {AF_INET6, "6", "net/stat/ndisc_cache"},
});

class NeighbourCollector : public Collector {
 public:
  NeighbourCollector(const Kernel& kernel, Tier tier)
      : kernel_(kernel),
        tier_(tier),
        stat_files_{kernel.ProcFile(kVersions[0].stat_file),
                    kernel.ProcFile(kVersions[1].stat_file)} {
    tables_request_.AddHeader(ndtmsg{});
    entries_request_.AddHeader(ndmsg{});
    restart_ = [this] { Restart(); };
    visit_table_ = [this](const NetlinkMessage& message) { VisitTable(message); };
    visit_entry_ = [this](const NetlinkMessage& message) { VisitEntry(message); };
  }

  Outcome Collect(Samples& out) override {
    if (Status opened = OpenOnce(kernel_.netlink, NETLINK_ROUTE, port_); !opened) {
      return Outcome::FromError(opened.error());
    }
    error_.reset();
    if (Status asked = Ask(RTM_GETNEIGHTBL, tables_request_, visit_table_); !asked) {
      return Outcome::FromError(asked.error());
    }
    for (std::size_t i = 0; i < kVersions.size(); ++i) AddTable(i, out);
    AddStates(out);
    if (error_) return {.state = CollectorState::kPartial, .error = error_};
    return {};
  }

 private:
  using Counts = std::array<std::uint64_t, kStates.size()>;

  Status Ask(std::uint16_t type, const NetlinkBuilder& request, const NetlinkVisitor& visit) {
    Restart();
    return port_->Request(type, NLM_F_DUMP, request.payload(), visit, restart_);
  }

  void Restart() {
    tables_ = {};
    counts_ = {};
  }

  void Note(const Error& error) {
    if (!error_ && error.kind != ErrorKind::kAbsent) error_ = error;
  }

  void VisitTable(const NetlinkMessage& message) {
    if (message.type != RTM_NEWNEIGHTBL) return;
    Table table;
    if (Status parsed = ParseTableMessage(message.payload, table); !parsed) {
      return Note(parsed.error());
    }
    // Each table is followed by the parameters of each device.
    if (!table.stats) return;
    for (std::size_t i = 0; i < kVersions.size(); ++i) {
      if (kVersions[i].family == table.family) tables_[i] = table;
    }
  }

  void VisitEntry(const NetlinkMessage& message) {
    if (message.type != RTM_NEWNEIGH) return;
    Entry entry;
    if (Status parsed = ParseEntryMessage(message.payload, entry); !parsed) {
      return Note(parsed.error());
    }
    for (std::size_t i = 0; i < kVersions.size(); ++i) {
      if (kVersions[i].family != entry.family) continue;
      for (std::size_t state = 0; state < kStates.size(); ++state) {
        if (kStates[state].bit == entry.state) ++counts_[i][state];
      }
    }
  }

  void AddTable(std::size_t index, Samples& out) {
    const std::optional<Table>& table = tables_[index];
    if (!table) return;  // IPv6 may be switched off.
    const auto add = [&](FamilyIndex family, std::uint64_t value) {
      if (!IsShownAt(tier_, kFamilies[family].tier)) return;
      out.Add(kFamilies[family], {kVersions[index].label}, value);
    };
    for (const NumberRow& row : kNumberRows) {
      if (const auto& value = (*table).*row.value) add(row.family, *value);
    }
    for (const StatRow& row : kStatRows) add(row.family, (*table->stats).*row.value);
    if (table->stats->table_fulls) add(kTableFull, *table->stats->table_fulls);
    const Result<std::string_view> text = stat_files_[index].Read();
    if (!text) return Note(text.error());
    if (Status parsed = ParsePerCpuStat(*text, stat_files_[index].path(), stat_); !parsed) {
      return Note(parsed.error());
    }
    if (const auto value = stat_.Sum("unresolved_discards")) add(kUnresolvedDiscards, *value);
  }

  void AddStates(Samples& out) {
    if (Status asked = Ask(RTM_GETNEIGH, entries_request_, visit_entry_); !asked) {
      return Note(asked.error());
    }
    for (std::size_t i = 0; i < kVersions.size(); ++i) {
      for (std::size_t state = 0; state < kStates.size(); ++state) {
        if (tier_ == Tier::kCore && !kStates[state].matters && counts_[i][state] == 0) continue;
        out.Add(kFamilies[kStateEntries], {kVersions[i].label, kStates[state].name},
                counts_[i][state]);
      }
    }
  }

  Kernel kernel_;
  Tier tier_;
  std::array<File, kVersions.size()> stat_files_;
  NetlinkBuilder tables_request_;
  NetlinkBuilder entries_request_;
  std::function<void()> restart_;
  NetlinkVisitor visit_table_;
  NetlinkVisitor visit_entry_;
  std::unique_ptr<NetlinkPort> port_;
  std::array<std::optional<Table>, kVersions.size()> tables_;
  std::array<Counts, kVersions.size()> counts_ = {};
  PerCpuStat stat_;
  std::optional<Error> error_;  // The first of this round.
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "neighbour",
    .summary = "ARP and neighbour discovery: table size against its limits, states, failures.",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<NeighbourCollector>(context.kernel, TierOf(context.options));
    },
};

}  // namespace netstack::neighbour
