#include <linux/netlink.h>

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "collectors/bpf_source.h"
#include "collectors/collector.h"
#include "collectors/drops/families.h"
#include "collectors/drops/reason_rows.h"
#include "collectors/fallback.h"
#include "collectors/link/device_table.h"
#include "kernel/netlink/open_once.h"

namespace netstack::drops {
namespace {

constexpr auto kOptions = std::to_array<OptionSpec>({
    {.name = "by-device",
     .kind = OptionSpec::Kind::kBool,
     .default_value = "false",
     .help = "Show the packets thrown away at each device by every reason, not only by those that "
             "are a part of its rx_dropped, and by XDP and tc."},
});

// The packets of all devices by reason. One thread at a time.
class Reasons {
 public:
  void Tell(DropSource& source, Samples& out) {
    source.Read(counts_);
    // The reasons stay in their places but for those that the kernel has no name for.
    rows_.resize(counts_.size());
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (rows_[i].reason != counts_[i].reason) rows_[i] = RowOf(counts_[i].reason);
      Add(counts_[i], rows_[i], source.KnowsNamespaces(), out);
    }
  }

 private:
  // A loss is there from the start; what is none, from the first packet on.
  static void Add(const DropCount& count, const ReasonRow& row, bool knows_namespaces,
                  Samples& out) {
    if (count.packets != 0 || row.meaning == Meaning::kLoss) {
      out.Add(kFamilies[kDrops], {Slug(row.stage), Slug(row.meaning), count.reason}, count.packets);
    }
    if (!knows_namespaces || !HasDevice(count.reason)) return;
    out.Add(kFamilies[kReceived], {count.reason}, count.received);
    out.Add(kFamilies[kSent], {count.reason}, count.sent);
  }

  std::vector<DropCount> counts_;
  std::vector<ReasonRow> rows_;
};

// Names of devices need RTNL; the reasons are told without while somebody else holds it.
class DropsCollector : public Collector, public Fallback {
 public:
  explicit DropsCollector(const CollectorContext& context)
      : kernel_(context.kernel),
        devices_(kernel_, context.devices),
        by_device_(context.options.Bool("by-device")) {}

  Outcome Collect(Samples& out) override {
    const std::shared_ptr<DropSource> source = Source();
    if (source == nullptr) return NoPrograms();
    reasons_.Tell(*source, out);
    if (!source->KnowsNamespaces()) return {};
    if (Status named = NameDevices(source); !named) {
      return {.state = CollectorState::kPartial, .error = named.error()};
    }
    AddDevices(*source, out);
    return {};
  }

  bool CollectFallback(Samples& out) override {
    const std::shared_ptr<DropSource> source = Source();
    if (source == nullptr) return false;
    reasons_meanwhile_.Tell(*source, out);
    return true;
  }

 private:
  // Null without programs.
  std::shared_ptr<DropSource> Source() const {
    return kernel_.bpf == nullptr ? nullptr : kernel_.bpf->drops();
  }

  Status NameDevices(const std::shared_ptr<DropSource>& source) {
    if (Status opened = OpenOnce(kernel_.netlink, NETLINK_ROUTE, port_); !opened) return opened;
    if (Status listed = devices_.Refresh(*port_); !listed) return listed;
    ifindexes_.clear();
    for (const DeviceTreatment treatment : {DeviceTreatment::kShown, DeviceTreatment::kStacked}) {
      for (const link::NamedDevice& device : devices_.all()) {
        if (device.treatment == treatment) ifindexes_.push_back(device.index);
      }
    }
    if (told_.lock() == source && told_devices_ == ifindexes_) return {};
    source->SetDevices(ifindexes_);
    told_ = source;
    std::swap(told_devices_, ifindexes_);
    return {};
  }

  static bool IsRare(const ReasonRow& row) {
    return row.stage == Stage::kXdp || row.reason.starts_with("TC_");
  }

  // No packet is thrown away twice, so those of stacked devices are on the path as well. With a
  // device among the others that has a row of the ledger, the others are off it.
  void AddDevices(DropSource& source, Samples& out) {
    const std::size_t without_row = source.devices_without_row();
    source.ReadDevices(by_device_, device_counts_);
    for (const DeviceDropCount& count : device_counts_) {
      if (count.packets == 0 && !IsCountedByDevice(count.reason)) continue;
      const link::NamedDevice* const device =
          count.ifindex == 0 ? nullptr : devices_.Find(count.ifindex);
      if (count.ifindex != 0 && device == nullptr) continue;
      const ReasonRow row = RowOf(count.reason);
      // Few hosts have XDP or filters: what is 0 of them is for the ledger only.
      const bool is_shown = count.packets != 0 || !IsRare(row);
      const Visibility visibility = is_shown ? Visibility::kEverywhere : Visibility::kPathOnly;
      if (device == nullptr && without_row != 0 && !is_shown) continue;
      out.Add(kFamilies[kDeviceDrops],
              {device == nullptr ? "other" : device->label, Slug(row.stage), Slug(row.meaning),
               count.reason},
              count.packets,
              device == nullptr && without_row != 0 ? Visibility::kOffPath : visibility);
    }
    if (without_row != 0 || by_device_) out.Add(kFamilies[kWithoutRow], {}, without_row);
  }

  const Kernel kernel_;
  link::DeviceTable devices_;
  const bool by_device_;
  std::unique_ptr<NetlinkPort> port_;
  std::vector<std::uint32_t> ifindexes_;
  std::weak_ptr<DropSource> told_;  // Which devices have a row, and who was told of them.
  std::vector<std::uint32_t> told_devices_;
  Reasons reasons_;
  Reasons reasons_meanwhile_;  // While Collect() waits.
  std::vector<DeviceDropCount> device_counts_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "drops",
    .summary = "Every packet the kernel throws away, by its reason (eBPF).",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<DropsCollector>(context);
    },
};

}  // namespace netstack::drops
