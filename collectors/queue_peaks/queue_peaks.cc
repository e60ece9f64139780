#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "collectors/binned_histogram.h"
#include "collectors/bpf_source.h"
#include "collectors/collector.h"
#include "collectors/number_label.h"
#include "collectors/port_set.h"
#include "collectors/queue_peaks/families.h"
#include "collectors/queue_peaks/listening_ports.h"
#include "collectors/tier_option.h"

namespace netstack::queue_peaks {
namespace {

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "look-back",
     .kind = OptionSpec::Kind::kDuration,
     .default_value = "75s",
     .help = "Time over which peaks are shown: at least the longest scrape interval."},
    {.name = "ports-out",
     .kind = OptionSpec::Kind::kList,
     .default_value = "",
     .help = "Remote ports and ranges of ports whose connections are a group of their own: 5432, "
             "6379-6389."},
    {.name = "max-groups",
     .kind = OptionSpec::Kind::kInteger,
     .default_value = "4",
     .help = "Most groups of connections, each of a port, the lowest first; the rest is the group "
             "other.",
     .min = 1,
     .max = 250},
    {.name = "accept-wait",
     .kind = OptionSpec::Kind::kBool,
     .default_value = "false",
     .help = "How long connections wait for accept(), by port; where the kernel lets no programs "
             "at its functions, each system call of the machine takes some 25 ns longer."},
    TierOption(
        "How much to show; extended adds what was never sent, memory in bytes, other network "
        "namespaces, histograms of depth and the time that pruning takes."),
});

// Powers of four from 1 KiB to 64 MiB.
constexpr auto kDepthBounds = std::to_array<BinBound>({{10, "1024"},
                                                       {12, "4096"},
                                                       {14, "16384"},
                                                       {16, "65536"},
                                                       {18, "262144"},
                                                       {20, "1048576"},
                                                       {22, "4194304"},
                                                       {24, "16777216"},
                                                       {26, "67108864"}});

// Up to 67 ms.
constexpr auto kPruneBounds = std::span(kNanosecondBounds).first<9>();

// 2^17 nanoseconds to 2^34, of bins of 2^10.
constexpr auto kWaitBounds = std::to_array<BinBound>({{7, "0.000131072"},
                                                      {10, "0.001048576"},
                                                      {12, "0.004194304"},
                                                      {14, "0.016777216"},
                                                      {16, "0.067108864"},
                                                      {17, "0.134217728"},
                                                      {18, "0.268435456"},
                                                      {20, "1.073741824"},
                                                      {22, "4.294967296"},
                                                      {24, "17.179869184"}});

// The label of a group, kept from round to round.
struct GroupName {
  QueueGroup::Kind kind = QueueGroup::Kind::kOther;
  std::uint16_t port = 0;
  std::string text = "other";

  void Set(const QueueGroup& group) {
    if (kind == group.kind && port == group.port) return;
    kind = group.kind;
    port = group.port;
    switch (kind) {
      case QueueGroup::Kind::kIn:
        text = "in:" + std::to_string(port);
        break;
      case QueueGroup::Kind::kOut:
        text = "out:" + std::to_string(port);
        break;
      case QueueGroup::Kind::kOther:
        text = "other";
        break;
      case QueueGroup::Kind::kOtherNamespaces:
        text = "other_namespaces";
        break;
    }
  }
};

class QueuePeaksCollector : public Collector {
 public:
  QueuePeaksCollector(const Kernel& kernel, const OptionValues& options)
      : bpf_(kernel.bpf),
        listening_(kernel),
        look_back_(options.Duration("look-back")),
        max_groups_(static_cast<std::size_t>(options.Integer("max-groups"))),
        tier_(TierOf(options)) {
    PortSet ports_out;
    settings_ = ports_out.Add(options.List("ports-out"), "queue_peaks.ports-out");
    for (unsigned port = 1; port <= 65535; ++port) {
      const auto number = static_cast<std::uint16_t>(port);
      if (ports_out.Has(number)) ports_out_.push_back(number);
    }
  }

  Outcome Collect(Samples& out) override {
    if (!settings_) return Outcome::FromError(settings_.error());
    const std::shared_ptr<QueueSource> source = bpf_ == nullptr ? nullptr : bpf_->queues();
    if (source == nullptr) return NoPrograms();
    AddPrunes(out);
    // Without the listeners all is in the groups that were there before.
    const Status listening = listening_.Refresh();
    if (listening) source->SetPorts(listening_.ports(), ports_out_, max_groups_);
    source->LookAtAll(tier_ != Tier::kCore);
    AddAcceptWaits(listening, out);
    source->Read(QueueSource::Clock::now(), look_back_, record_);
    names_.resize(record_.groups.size());
    for (std::size_t i = 0; i < record_.groups.size(); ++i) {
      names_[i].Set(record_.groups[i]);
      AddGroup(record_.groups[i], names_[i].text, out);
    }
    AddHost(out);
    if (listening || listening.error().kind == ErrorKind::kAbsent) return {};
    return {.state = CollectorState::kPartial, .error = listening.error()};
  }

 private:
  bool Shows(FamilyIndex index) const { return IsShownAt(tier_, kFamilies[index].tier); }
  void Add(FamilyIndex index, std::initializer_list<std::string_view> labels, Number value,
           Samples& out) const {
    if (Shows(index)) out.Add(kFamilies[index], labels, value);
  }

  void AddGroup(const QueueGroup& group, std::string_view name, Samples& out) const {
    if (group.kind == QueueGroup::Kind::kOtherNamespaces && tier_ == Tier::kCore) return;
    const auto add = [&](FamilyIndex index, Number value) { Add(index, {name}, value, out); };
    add(kUnread, group.peaks.unread);
    add(kSendQueue, group.peaks.send_queue);
    add(kUnsent, group.peaks.unsent);
    add(kReceiveMemory, group.peaks.receive_memory);
    add(kSendMemory, group.peaks.send_memory);
    add(kReceiveFill, group.peaks.receive_fill);
    add(kSendFill, group.peaks.send_fill);
    add(kReceived, group.received_bytes);
    if (group.kind != QueueGroup::Kind::kIn || !record_.sees_listeners) return;
    const NumberLabel port(group.port);
    out.Add(kFamilies[kAcceptQueue], {port}, group.accept_queue);
    out.Add(kFamilies[kAcceptFill], {port}, group.accept_fill);
    Add(kArrivals, {port}, group.arrivals, out);
  }

  void AddPrunes(Samples& out) {
    const std::shared_ptr<PruneSource> source = bpf_->prunes();
    if (source == nullptr || !Shows(kPrune)) return;
    source->Read(prunes_);
    const auto add = [&](std::string_view operation, const BinnedValues& times) {
      const std::array<std::string_view, 1> labels = {operation};
      AddHistogram(kFamilies[kPrune], labels, times, kPruneBounds, kNanosecond, out);
    };
    if (prunes_.sees_collapse) add("collapse", prunes_.collapse);
    if (prunes_.sees_prune) add("prune", prunes_.prune);
    out.Add(kFamilies[kUntimed], {"prune"}, prunes_.lost);
  }

  void AddAcceptWaits(const Status& listening, Samples& out) {
    const std::shared_ptr<AcceptSource> source = bpf_->accepts();
    if (source == nullptr) return;
    if (listening) source->SetPorts(listening_.ports(), max_groups_);
    source->Read(accepts_);
    for (const AcceptWaits& listener : accepts_.listeners) {
      const NumberLabel port(listener.port);
      const std::array<std::string_view, 1> labels = {port};
      AddHistogram(kFamilies[kAcceptWait], labels, listener.waits, kWaitBounds, kNanosecond, out);
    }
    out.Add(kFamilies[kUntimed], {"accept"}, accepts_.lost);
  }

  void AddHost(Samples& out) const {
    if (tier_ != Tier::kCore) {
      AddHistogram(kFamilies[kUnreadDepth], {}, record_.unread, kDepthBounds, 1, out);
      AddHistogram(kFamilies[kSendQueueDepth], {}, record_.send_queue, kDepthBounds, 1, out);
    }
    if (record_.sees_datagrams) {
      out.Add(kFamilies[kDatagramMemory], {}, record_.datagram_memory);
      out.Add(kFamilies[kDatagramFill], {}, record_.datagram_fill);
    }
    out.Add(kFamilies[kLookBack], {}, std::chrono::duration<double>(look_back_).count());
    out.Add(kFamilies[kGaps], {}, record_.gaps);
    out.Add(kFamilies[kPortsWithoutGroup], {}, std::uint64_t{record_.ports_without_group});
  }

  BpfSource* const bpf_;
  ListeningPorts listening_;
  const std::chrono::nanoseconds look_back_;
  const std::size_t max_groups_;
  const Tier tier_;
  Status settings_;
  std::vector<std::uint16_t> ports_out_;
  QueueRecord record_;
  PruneRecord prunes_;
  AcceptRecord accepts_;
  std::vector<GroupName> names_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "queue_peaks",
    .summary = "The highest depth of socket queues between scrapes, seen in the kernel (eBPF).",
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<QueuePeaksCollector>(context.kernel, context.options);
    },
};

}  // namespace netstack::queue_peaks
