#include <arpa/inet.h>
#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "collectors/collector.h"
#include "collectors/number_label.h"
#include "collectors/sockets/cgroup_owners.h"
#include "collectors/sockets/expected.h"
#include "collectors/sockets/families.h"
#include "collectors/sockets/owner_groups.h"
#include "collectors/sockets/port_groups.h"
#include "collectors/sockets/process_owners.h"
#include "collectors/sockets/walk.h"

namespace netstack::sockets {
namespace {

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "min-interval",
     .kind = OptionSpec::Kind::kDuration,
     .default_value = "10s",
     .help = "Least time between two walks over all TCP sockets; scrapes within it show the last "
             "one and its age."},
    {.name = "max-time",
     .kind = OptionSpec::Kind::kDuration,
     .default_value = "1s",
     .help = "Most time for a walk; what it has not seen by then is left out, and said."},
    {.name = "max-sockets",
     .kind = OptionSpec::Kind::kInteger,
     .default_value = "1000000",
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

class SocketsCollector : public Collector, public OffenderSource {
 public:
  SocketsCollector(const Kernel& kernel, const OptionValues& options)
      : kernel_(kernel),
        sockstat_(kernel.ProcFile("net/sockstat")),
        sockstat6_(kernel.ProcFile("net/sockstat6")),
        min_interval_(options.Duration("min-interval")) {
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
  }

  std::shared_ptr<const OffenderBoard> offenders() const override { return board_; }

  Outcome Collect(Samples& out) override {
    if (!settings_) return Outcome::FromError(settings_.error());
    const auto now = Clock::now();
    if (!walked_at_ || now - *walked_at_ >= min_interval_) {
      if (Status walked = WalkNow(); !walked) return Outcome::FromError(walked.error());
    }
    AddStates(out);
    AddQuantities(0, {}, walk_->quantities(), out);
    AddSynQueues(out);
    AddGroups(out);
    AddWalk(out);
    if (walk_->first_error()) {
      return {.state = CollectorState::kPartial, .error = walk_->first_error()};
    }
    return {};
  }

 private:
  using Clock = std::chrono::steady_clock;

  Status WalkNow() {
    walked_at_.reset();
    if (port_ == nullptr) {
      Result<std::unique_ptr<NetlinkPort>> port = kernel_.netlink.Open(NETLINK_SOCK_DIAG);
      if (!port) return port.error();
      port_ = std::move(*port);
    }
    if (Status walked = walk_->Run(*port_); !walked) return walked;
    walked_at_ = Clock::now();
    fraction_ = walk_->truncated() ? EstimateFraction() : 1;
    PublishOffenders();
    return {};
  }

  void PublishOffenders() {
    const auto receive = walk_->offenders_receive();
    const auto transmit = walk_->offenders_transmit();
    report_.at = *walked_at_;
    report_.sockets = walk_->sockets();
    report_.truncated = walk_->truncated();
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
    return std::min(1.0, static_cast<double>(walk_->sockets()) / static_cast<double>(expected));
  }

  void AddStates(Samples& out) const {
    for (std::size_t version = 0; version < 2; ++version) {
      for (std::uint8_t state = 1; state < kTcpStates; ++state) {
        out.Add(kFamilies[kTcp], {TcpStateName(state), version == 0 ? "4" : "6"},
                walk_->states()[version][state]);
      }
    }
  }

  // `first` is the position of the first of the quantities' families; `labels` are theirs.
  static void AddQuantities(std::size_t first, std::span<const std::string_view> labels,
                            const Quantities& all, Samples& out) {
    for (std::size_t i = 0; i < kQuantities; ++i) {
      const Family& family = kFamilies[first + i];
      const Distribution& distribution = all.Of(static_cast<Quantity>(i));
      const auto bounds = distribution.bounds();
      for (std::size_t j = 0; j < bounds.size(); ++j) {
        out.AddBucket(family, labels, bounds[j].text, distribution.CountUpTo(j));
      }
      const std::uint64_t count = distribution.CountUpTo(bounds.size());
      out.AddBucket(family, labels, "+Inf", count);
      out.AddSum(family, labels, distribution.sum());
      out.AddCount(family, labels, count);
    }
  }

  void AddSynQueues(Samples& out) {
    for (const SynQueue& queue : walk_->syn_queues()) {
      std::array<char, INET6_ADDRSTRLEN> address = {};
      inet_ntop(queue.ip_version == 6 ? AF_INET6 : AF_INET, queue.address.data(), address.data(),
                address.size());
      const NumberLabel port(queue.port);
      out.Add(kFamilies[kSynQueue], {address.data(), port, queue.ip_version == 6 ? "6" : "4"},
              queue.connections);
    }
  }

  void AddGroups(Samples& out) {
    for (const SocketGroup& group : walk_->groups()) {
      const auto add = [&](FamilyIndex index, std::uint64_t value) {
        out.Add(kFamilies[index], {group.name}, value);
      };
      add(kGroupConnections, group.sums.sockets);
      add(kGroupUnread, group.sums.receive_queue);
      add(kGroupUnreadMax, group.sums.receive_queue_max);
      add(kGroupTransmit, group.sums.transmit_queue);
      add(kGroupTransmitMax, group.sums.transmit_queue_max);
      if (!group.quantities) continue;
      const std::string_view name = group.name;
      AddQuantities(kByGroup, std::span(&name, 1), *group.quantities, out);
    }
  }

  void AddWalk(Samples& out) const {
    const auto add = [&](FamilyIndex index, Number value) { out.Add(kFamilies[index], {}, value); };
    add(kBusy, walk_->busy_seconds());
    add(kReceiveWindowLimited, walk_->receive_window_limited_seconds());
    add(kSendBufferLimited, walk_->send_buffer_limited_seconds());
    add(kWalkAge, std::chrono::duration<double>(Clock::now() - *walked_at_).count());
    add(kWalkDuration, walk_->seconds());
    add(kWalkSockets, walk_->sockets());
    add(kWalkMalformed, walk_->malformed());
    add(kWalkTruncated, std::uint64_t{walk_->truncated() ? 1u : 0u});
    if (fraction_) add(kWalkFraction, *fraction_);
    out.Add(kFamilies[kWalkInfo], {"sock_diag"}, std::uint64_t{1});
  }

  Kernel kernel_;
  File sockstat_;
  File sockstat6_;
  std::chrono::nanoseconds min_interval_;
  Status settings_;
  std::unique_ptr<NetlinkPort> port_;
  std::unique_ptr<Walk> walk_;
  std::optional<Clock::time_point> walked_at_;
  std::optional<double> fraction_;
  OffenderReport report_;
  const std::shared_ptr<OffenderBoard> board_ = std::make_shared<OffenderBoard>();
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
