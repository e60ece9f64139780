#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "collectors/collector.h"
#include "collectors/last_result.h"
#include "collectors/sockets/cgroup_owners.h"
#include "collectors/sockets/expected.h"
#include "collectors/sockets/families.h"
#include "collectors/sockets/owner_groups.h"
#include "collectors/sockets/port_groups.h"
#include "collectors/sockets/process_owners.h"
#include "collectors/sockets/walk.h"
#include "collectors/sockets/walk_samples.h"
#include "kernel/bpf/source.h"
#include "kernel/bpf/tcp_sockets.h"
#include "kernel/netlink/open_once.h"

namespace netstack::sockets {
namespace {

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "source",
     .kind = OptionSpec::Kind::kWord,
     .default_value = "sock_diag",
     .help = "Where the sockets are read from: sock_diag, or an eBPF iterator (Linux 5.9, CAP_BPF "
             "and CAP_PERFMON at the start), which takes less time where there are many, more "
             "where there are few, and has SYN queues exactly. What is not allowed, or with "
             "another group-by than port, is read from sock_diag.",
     .words = "sock_diag|ebpf"},
    {.name = "min-interval",
     .kind = OptionSpec::Kind::kDuration,
     .default_value = "10s",
     .help = "Least time between two walks over all TCP sockets; scrapes within it show the last "
             "one and its age."},
    {.name = "max-time",
     .kind = OptionSpec::Kind::kDuration,
     .default_value = "2s",
     .help = "Most time for a walk; what it has not seen by then is left out, and said."},
    {.name = "max-wait",
     .kind = OptionSpec::Kind::kDuration,
     .default_value = "50ms",
     .help =
         "Most time a scrape waits for a walk. One that takes longer goes on beside the scrapes, "
         "which from then on show the walk before, and its age, without waiting."},
    {.name = "max-sockets",
     .kind = OptionSpec::Kind::kInteger,
     .default_value = "2000000",
     .help = "Most sockets for a walk.",
     .min = 1},
    {.name = "ports-out",
     .kind = OptionSpec::Kind::kList,
     .default_value = "",
     .help = "Remote ports and ranges of ports whose connections are a group of their own: 5432, "
             "6379-6389."},
    {.name = "max-groups",
     .kind = OptionSpec::Kind::kInteger,
     .default_value = "20",
     .help = "Most groups of connections; the rest is the group other.",
     .min = 1,
     .max = SocketGroups::kMost},
    {.name = "group-by",
     .kind = OptionSpec::Kind::kWord,
     .default_value = "port",
     .help = "What connections are grouped by: listening and configured ports; the control group "
             "(version 2, Linux 5.9) that made the socket; or the name of the process that holds "
             "it, which costs a look at all descriptors of all processes at each walk and needs "
             "CAP_SYS_PTRACE for those of other users.",
     .words = "port|cgroup|process"},
    {.name = "group-distributions",
     .kind = OptionSpec::Kind::kBool,
     .default_value = "false",
     .help = "All distributions for each group, too: about a hundred series each."},
    {.name = "offenders",
     .kind = OptionSpec::Kind::kInteger,
     .default_value = "10",
     .help = "How many of the connections with the most unread, and with the most unsent bytes, "
             "/api/v1/sockets names; they are never series.",
     .max = 1000},
});

std::unique_ptr<SocketGroups> MakeGroups(std::string_view by, const Roots& roots,
                                         const PortSet& ports_out, std::size_t most) {
  if (by == "cgroup") {
    // Where systemd mounts version 2 alone, and beside version 1.
    auto owners = std::make_unique<CgroupOwners>(
        std::vector{roots.Sys("fs/cgroup"), roots.Sys("fs/cgroup/unified")});
    return std::make_unique<OwnerGroups>(std::move(owners), "cgroup:", most);
  }
  if (by == "process") {
    return std::make_unique<OwnerGroups>(std::make_unique<ProcessOwners>(roots.procfs),
                                         "process:", most);
  }
  return std::make_unique<PortGroups>(ports_out, most);
}

class SocketsCollector : public Collector, public LastResult, public OffenderSource {
 public:
  SocketsCollector(const Kernel& kernel, const OptionValues& options)
      : kernel_(kernel),
        sockstat_(kernel.ProcFile("net/sockstat")),
        sockstat6_(kernel.ProcFile("net/sockstat6")),
        min_interval_(options.Duration("min-interval")),
        max_wait_(options.Duration("max-wait")) {
    const auto number = [&](std::string_view name) {
      return static_cast<std::uint64_t>(options.Integer(name));
    };
    PortSet ports_out;
    settings_ = ports_out.Add(options.List("ports-out"), "sockets.ports-out");
    walk_ = std::make_unique<Walk>(
        WalkSettings{.time = options.Duration("max-time"),
                     .sockets = number("max-sockets"),
                     .most_offenders = number("offenders"),
                     .group_quantities = options.Bool("group-distributions")},
        MakeGroups(options.Text("group-by"), kernel.roots, ports_out, number("max-groups")));
    if (options.Text("source") == "ebpf" && options.Text("group-by") == "port") ChooseIterator();
  }

  std::shared_ptr<const OffenderBoard> offenders() const override { return board_; }

  Outcome Collect(Samples& out) override {
    if (!settings_) return Outcome::FromError(settings_.error());
    // Only this thread changes it.
    if (!walked_at_ || Clock::now() - *walked_at_ >= min_interval_) {
      Status walked = WalkNow();
      const std::scoped_lock lock(mutex_);
      walked_at_.reset();
      if (!walked) return Outcome::FromError(walked.error());
      Publish();
    }
    return CollectLast(out);
  }

  std::optional<std::chrono::nanoseconds> Patience() override {
    const std::scoped_lock lock(mutex_);
    if (!walked_at_) return std::nullopt;
    if (Clock::now() - *walked_at_ < min_interval_) return max_wait_;  // No walk is due.
    const bool was_long = shown_.seconds > std::chrono::duration<double>(max_wait_).count();
    return was_long ? std::chrono::nanoseconds(0) : max_wait_;
  }

  Outcome CollectLast(Samples& out) override {
    const std::scoped_lock lock(mutex_);
    if (!walked_at_) {
      return Outcome::FromError(
          {.kind = ErrorKind::kTimeout, .path = "sockets", .what = "the first walk goes on"});
    }
    if (iterator_ != nullptr) ReadSynQueuesNow();
    AddResult(shown_, out);
    const auto add = [&](FamilyIndex index, Number value) { out.Add(kFamilies[index], {}, value); };
    add(kWalkAge, std::chrono::duration<double>(Clock::now() - *walked_at_).count());
    if (fraction_) add(kWalkFraction, *fraction_);
    out.Add(kFamilies[kWalkInfo], {iterator_ != nullptr ? "ebpf" : "sock_diag"}, std::uint64_t{1});
    if (shown_.first_error) return {.state = CollectorState::kPartial, .error = shown_.first_error};
    return {};
  }

  void GiveUp() override { walk_->GiveUp(); }

 private:
  using Clock = std::chrono::steady_clock;

  // Once, at the start: whoever may load programs may not be allowed to read them afterwards.
  void ChooseIterator() {
    if (kernel_.bpf == nullptr) return;
    iterator_ = kernel_.bpf->tcp_sockets();
    if (iterator_ != nullptr && !ReadSynQueues(*iterator_, syn_queues_)) iterator_ = nullptr;
  }

  // Under mutex_.
  void ReadSynQueuesNow() {
    if (!ReadSynQueues(*iterator_, syn_queues_)) return;
    const auto queues = syn_queues_.queues();
    shown_.syn_queues.assign(queues.begin(), queues.end());
  }

  Status WalkNow() {
    if (iterator_ != nullptr) return walk_->Run(*iterator_);
    if (Status opened = OpenOnce(kernel_.netlink, NETLINK_SOCK_DIAG, port_); !opened) return opened;
    return walk_->Run(*port_);
  }

  // Under mutex_.
  void Publish() {
    shown_ = walk_->result();
    walked_at_ = Clock::now();
    fraction_ = shown_.truncated ? EstimateFraction() : 1;
    const auto receive = walk_->offenders_receive();
    const auto transmit = walk_->offenders_transmit();
    report_.at = *walked_at_;
    report_.sockets = shown_.sockets;
    report_.truncated = shown_.truncated;
    report_.receive.assign(receive.begin(), receive.end());
    report_.transmit.assign(transmit.begin(), transmit.end());
    board_->Publish(report_);
  }

  std::optional<double> EstimateFraction() {
    const Result<std::string_view> four = sockstat_.Read();
    const Result<std::string_view> six = sockstat6_.Read();
    const auto expected =
        ExpectedSockets(four ? *four : std::string_view{}, six ? *six : std::string_view{});
    if (expected == 0) return std::nullopt;
    return std::min(1.0, static_cast<double>(shown_.sockets) / static_cast<double>(expected));
  }

  Kernel kernel_;
  File sockstat_;
  File sockstat6_;
  const std::chrono::nanoseconds min_interval_;
  const std::chrono::nanoseconds max_wait_;
  Status settings_;
  std::unique_ptr<NetlinkPort> port_;
  std::unique_ptr<Walk> walk_;
  std::shared_ptr<TcpSockets> iterator_;  // Null: sock_diag.
  OffenderReport report_;
  const std::shared_ptr<OffenderBoard> board_ = std::make_shared<OffenderBoard>();

  std::mutex mutex_;      // Guards the rest.
  SynQueues syn_queues_;  // Of the iterator.
  WalkResult shown_;
  std::optional<Clock::time_point> walked_at_;  // When what is shown was found.
  std::optional<double> fraction_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "sockets",
    .summary = "All TCP sockets: states, and distributions of queues, memory, RTT and windows.",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<SocketsCollector>(context.kernel, context.options);
    },
};

}  // namespace netstack::sockets
