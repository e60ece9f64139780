#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <vector>

#include "collectors/collector.h"
#include "collectors/device_label.h"
#include "collectors/device_policy.h"
#include "collectors/link/device_table.h"
#include "collectors/qdisc/class_reader.h"
#include "collectors/qdisc/clsact_direction.h"
#include "collectors/qdisc/device_qdiscs.h"
#include "collectors/qdisc/families.h"
#include "collectors/qdisc/handle_label.h"
#include "collectors/qdisc/kinds.h"
#include "collectors/qdisc/qdisc_message.h"
#include "collectors/qdisc/queue_values.h"
#include "collectors/qdisc/value_set.h"
#include "collectors/tier_option.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/open_once.h"
#include "model/joined.h"

namespace netstack::qdisc {
namespace {

using link::NamedDevice;

constexpr auto kOptions = Joined(
    kDeviceOptions,
    std::to_array<OptionSpec>({
        {.name = "per-queue",
         .kind = OptionSpec::Kind::kBool,
         .default_value = "false",
         .help = "Whether more than 16 leaves of one kind below one parent, as the queues of a "
                 "large NIC have, are shown one by one rather than together."},
        TierOption(
            "How much to show; extended and all add more of the kinds' own statistics, and a "
            "qdisc that only repeats the sum of its children (mq, mqprio).",
            "core|extended|all"),
    }));

// All that is the same for the qdiscs of one device.
struct Scene {
  const NamedDevice& device;
  Visibility visibility;  // Of what counts for the device.
  bool shown;             // Whether there are series other than those that feed the path.
};

class QdiscCollector : public Collector {
 public:
  QdiscCollector(const Kernel& kernel, const DevicePolicy& policy, bool per_queue, Tier tier)
      : kernel_(kernel), devices_(kernel_, policy), per_queue_(per_queue), tier_(tier) {
    request_.AddHeader(tcmsg{});
    visit_ = [this](const NetlinkMessage& message) { Visit(message); };
    restart_ = [this] { Restart(); };
  }

  Outcome Collect(Samples& out) override {
    if (Status opened = OpenOnce(kernel_.netlink, NETLINK_ROUTE, port_); !opened) {
      return Outcome::FromError(opened.error());
    }
    if (Status known = devices_.Refresh(*port_); !known) return Outcome::FromError(known.error());
    Restart();
    if (Status asked =
            port_->Request(RTM_GETQDISC, NLM_F_DUMP, request_.payload(), visit_, restart_);
        !asked) {
      return Outcome::FromError(asked.error());
    }
    const std::span<const Qdisc> all(qdiscs_.data(), count_);
    clsact_.BeginRound();
    // The kernel goes device by device.
    for (std::size_t begin = 0; begin < all.size();) {
      std::size_t end = begin + 1;
      while (end < all.size() && all[end].device == all[begin].device) ++end;
      AddDevice(all.subspan(begin, end - begin), out);
      begin = end;
    }
    if (first_error_) return {.state = CollectorState::kPartial, .error = first_error_};
    return {};
  }

 private:
  void Restart() {
    count_ = 0;
    first_error_.reset();
  }

  // A qdisc that cannot be understood costs its own series only.
  void Visit(const NetlinkMessage& message) {
    if (message.type != RTM_NEWQDISC) return;
    if (count_ == qdiscs_.size()) qdiscs_.emplace_back();
    Qdisc& qdisc = qdiscs_[count_];
    if (Status parsed = ParseQdiscMessage(message.payload, qdisc); !parsed) {
      if (!first_error_) first_error_ = parsed.error();
      return;
    }
    // Nothing is queued where there is no queue.
    if (qdisc.has_stats && qdisc.kind != "noqueue") ++count_;
  }

  void AddDevice(std::span<const Qdisc> qdiscs, Samples& out) {
    const NamedDevice* const device =
        devices_.Find(static_cast<std::uint32_t>(qdiscs.front().device));
    if (device == nullptr || device->treatment == DeviceTreatment::kOff) return;
    const Scene scene = {
        .device = *device,
        .visibility = device->treatment == DeviceTreatment::kSummed    ? Visibility::kHidden
                      : device->treatment == DeviceTreatment::kStacked ? Visibility::kOffPath
                                                                       : Visibility::kEverywhere,
        .shown = device->treatment != DeviceTreatment::kSummed};
    structure_.Reset(qdiscs);
    sums_.resize(std::max(sums_.size(), structure_.group_count()));
    for (ValueSet& sum : sums_) sum.Clear();
    double fill = -1;
    repeats_.Reset(qdiscs);
    for (const Qdisc& qdisc : qdiscs) {
      if (repeats_.Has(qdisc)) continue;
      if (AddFilters(qdisc, scene, out)) continue;
      ReadValues(qdisc, device->transmit_queue_length, structure_.IsLeaf(qdisc), values_);
      fill = std::max(fill, FillOf(values_));
      const std::size_t group =
          per_queue_ ? DeviceQdiscs::kNoGroup : structure_.LargeGroupOf(qdisc);
      if (group == DeviceQdiscs::kNoGroup) {
        AddOne(qdisc, scene, out);
      } else {
        sums_[group].Add(values_);
      }
    }
    for (std::size_t i = 0; i < structure_.group_count(); ++i) AddGroup(i, scene, out);
    if (fill >= 0) out.Add(kFamilies[kFillRatio], {device->label}, fill, scene.visibility);
  }

  // ingress and clsact queue nothing: what they drop a filter wanted to be dropped, once, be the
  // device stacked or not.
  bool AddFilters(const Qdisc& qdisc, const Scene& scene, Samples& out) {
    const Visibility visibility = scene.shown ? Visibility::kEverywhere : Visibility::kHidden;
    if (qdisc.kind == "ingress") {
      out.Add(kFamilies[kIngressDrops], {scene.device.label}, std::uint64_t{qdisc.drops},
              visibility);
    } else if (qdisc.kind == "clsact") {
      const ClsactDrops& by_direction = clsact_.Of(*port_, qdisc);
      for (std::size_t i = 0; i < by_direction.size(); ++i) {
        out.Add(kFamilies[kClsactDrops], {scene.device.label, kClsactDirections[i]},
                std::uint64_t{by_direction[i]}, visibility);
      }
    } else {
      return false;
    }
    return true;
  }

  void AddOne(const Qdisc& qdisc, const Scene& scene, Samples& out) {
    const bool counts = structure_.CountsForDevice(qdisc);
    if (!scene.shown && !counts) return;
    const bool path_only = scene.shown && IsSumOfChildren(qdisc) && tier_ == Tier::kCore;
    kind_label_ = DeviceLabel(qdisc.kind);
    const HandleLabel handle = HandleLabel::OfHandle(qdisc.handle);
    const HandleLabel parent = HandleLabel::OfParent(qdisc.parent);
    std::array<std::string_view, 5> labels = {scene.device.label, kind_label_, handle, parent,
                                              structure_.IsLeaf(qdisc) ? "1" : "0"};
    values_.ForEach([&](const Family& family, Number value) {
      if (&family == &kFamilies[kQueueLengthMax] || &family == &kFamilies[kBacklogMax]) return;
      if ((!scene.shown || path_only) && !FeedsPath(family)) return;
      const Visibility visibility = VisibilityOf(family, qdisc, counts, scene);
      if (!path_only) {
        Add(family, labels, value, visibility, out);
      } else if (visibility == Visibility::kEverywhere) {
        Add(family, labels, value, Visibility::kPathOnly, out);
      }
    });
    if (!scene.shown) return;
    AddTins(qdisc, labels, out);
    if (!HasClasses(qdisc.kind)) return;
    const Status added = classes_.Add(*port_, qdisc, scene.device.label, out);
    if (!added && added.error().kind != ErrorKind::kAbsent && !first_error_) {
      first_error_ = added.error();
    }
  }

  void AddGroup(std::size_t index, const Scene& scene, Samples& out) {
    const ValueSet& sum = sums_[index];
    const DeviceQdiscs::Group& group = structure_.group(index);
    if (!sum.Has(kBytes)) return;  // Not large.
    const bool counts = structure_.CountsForDevice(*group.first);
    if (!scene.shown && !counts) return;
    kind_label_ = DeviceLabel(group.first->kind);
    const HandleLabel parent = HandleLabel::OfHandle(group.parent_handle);
    std::array<std::string_view, 5> labels = {scene.device.label, kind_label_, {}, parent, "1"};
    sum.ForEach([&](const Family& family, Number value) {
      if (!scene.shown && !FeedsPath(family)) return;
      Add(family, labels, value, VisibilityOf(family, *group.first, counts, scene), out);
    });
  }

  static bool FeedsPath(const Family& family) {
    return &family == &kFamilies[kPackets] || &family == &kFamilies[kDrops] ||
           &family == &kFamilies[kRequeues] || &family == &kFamilies[kOverlimits];
  }

  // Parents repeat the packets and drops of their children, but not their overlimits, except those
  // that add up their children.
  static Visibility VisibilityOf(const Family& family, const Qdisc& qdisc, bool counts,
                                 const Scene& scene) {
    const bool once =
        &family == &kFamilies[kOverlimits] && scene.shown ? !IsSumOfChildren(qdisc) : counts;
    return once ? scene.visibility : Visibility::kOffPath;
  }

  void AddTins(const Qdisc& qdisc, std::array<std::string_view, 5>& labels, Samples& out) const {
    ForEachCakeTin(qdisc, [&](std::size_t tin, FamilyIndex family, Number value) {
      char text[20];
      labels[4] = {
          text, static_cast<std::size_t>(std::to_chars(text, text + sizeof text, tin).ptr - text)};
      Add(kFamilies[family], labels, value, Visibility::kOffPath, out);
    });
  }

  void Add(const Family& family, std::span<const std::string_view> labels, Number value,
           Visibility visibility, Samples& out) const {
    if (!IsShownAt(tier_, family.tier)) return;
    out.Add(family, labels.first(family.label_count()), value, visibility);
  }

  Kernel kernel_;
  link::DeviceTable devices_;
  bool per_queue_;
  Tier tier_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  std::unique_ptr<NetlinkPort> port_;
  std::vector<Qdisc> qdiscs_;  // The first count_ are of this round.
  std::size_t count_ = 0;
  DeviceQdiscs structure_;  // Of the device at work; so are the next three.
  ValueSet values_;
  std::vector<ValueSet> sums_;  // Beside the groups.
  std::string kind_label_;
  Repeats repeats_;
  ClassReader classes_;
  ClsactDirection clsact_;
  std::optional<Error> first_error_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "qdisc",
    .summary = "Queueing disciplines: work, drops, depth against limit, and what each kind tells.",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<QdiscCollector>(
          context.kernel, DevicePolicyFor(context.options, context.devices),
          context.options.Bool("per-queue"), TierOf(context.options));
    },
};

}  // namespace netstack::qdisc
