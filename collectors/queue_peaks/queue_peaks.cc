#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "collectors/binned_histogram.h"
#include "collectors/bpf_source.h"
#include "collectors/collector.h"
#include "collectors/number_label.h"
#include "collectors/port_set.h"
#include "collectors/queue_peaks/families.h"
#include "collectors/queue_peaks/listening_ports.h"

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
     .default_value = "20",
     .help = "Most groups of connections, each of a port; the rest is the group other.",
     .min = 1,
     .max = 250},
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
        max_groups_(static_cast<std::size_t>(options.Integer("max-groups"))) {
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
    // Without the listeners all is in the groups that were there before.
    const Status listening = listening_.Refresh();
    if (listening) source->SetPorts(listening_.ports(), ports_out_, max_groups_);
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
  void AddGroup(const QueueGroup& group, std::string_view name, Samples& out) const {
    const auto add = [&](FamilyIndex index, Number value) {
      out.Add(kFamilies[index], {name}, value);
    };
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
    out.Add(kFamilies[kArrivals], {port}, group.arrivals);
  }

  void AddHost(Samples& out) const {
    AddHistogram(kFamilies[kUnreadDepth], {}, record_.unread, kDepthBounds, 1, out);
    AddHistogram(kFamilies[kSendQueueDepth], {}, record_.send_queue, kDepthBounds, 1, out);
    if (record_.sees_listeners) {
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
  Status settings_;
  std::vector<std::uint16_t> ports_out_;
  QueueRecord record_;
  std::vector<GroupName> names_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "queue_peaks",
    .summary = "The highest depth of socket queues between scrapes, seen in the kernel (eBPF).",
    .enabled_by_default = false,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<QueuePeaksCollector>(context.kernel, context.options);
    },
};

}  // namespace netstack::queue_peaks
