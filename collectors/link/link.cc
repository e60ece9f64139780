#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "collectors/collector.h"
#include "collectors/fallback.h"
#include "collectors/link/devices.h"
#include "collectors/link/families.h"
#include "collectors/link/link_message.h"
#include "collectors/link/net_dev_fallback.h"
#include "collectors/tier_option.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/open_once.h"
#include "model/joined.h"

namespace netstack::link {
namespace {

constexpr auto kOptions = Joined(
    kDeviceOptions,
    std::array{TierOption(
        "How much to show; auto has errors by their kind, which the path families have too, and "
        "multicast of cards, on hosts with at most four cards. extended has them of every "
        "device, and adds the operational state, the limits of GSO and GRO, the queues a device "
        "was made with, compressed packets, carriers by direction, and names the fields that a "
        "driver is not known to fill.",
        "auto|core|extended|all", "auto")});

// With more, a default page has no room for all fields of each (docs/decisions/0050).
constexpr std::ptrdiff_t kMostCardsWithAllFields = 4;

// RFC 2863, as the kernel numbers it.
constexpr std::array<std::string_view, 7> kOperstates = {
    "unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"};

// The fields that path families need of a container port.
constexpr auto kPathFields = std::to_array<LinkField>(
    {LinkField::kRxPackets, LinkField::kTxPackets, LinkField::kRxBytes, LinkField::kTxBytes,
     LinkField::kRxErrors, LinkField::kTxErrors, LinkField::kRxDropped, LinkField::kTxDropped});

class LinkCollector : public Collector, public Fallback {
 public:
  LinkCollector(const Kernel& kernel, const DevicePolicy& policy, Tier tier, bool decides_itself)
      : kernel_(kernel),
        devices_(kernel_, policy),
        tier_(tier),
        decides_itself_(decides_itself),
        fallback_(kernel_) {
    request_.AddHeader(ifinfomsg{});
    // No VF data, but all statistics: RTEXT_FILTER_VF and _SKIP_STATS stay unset.
    request_.AddU32(IFLA_EXT_MASK, 0);
    visit_ = [this](const NetlinkMessage& message) { Visit(message); };
    restart_ = [this] { Restart(); };
  }

  Outcome Collect(Samples& out) override {
    if (Status opened = OpenOnce(kernel_.netlink, NETLINK_ROUTE, port_); !opened) {
      return Outcome::FromError(opened.error());
    }
    Restart();
    if (Status asked =
            port_->Request(RTM_GETLINK, NLM_F_DUMP, request_.payload(), visit_, restart_);
        !asked) {
      return Outcome::FromError(asked.error());
    }
    const std::span<const Link> links(links_.data(), link_count_);
    devices_.BeginRound();
    // First all of them: a master may come after its members.
    for (const Link& link : links) current_.push_back(devices_.Update(link));
    const auto cards = std::ranges::count_if(
        current_, [](const Device* device) { return device != nullptr && device->is_hardware; });
    shown_ = {.tier = tier_, .all_of_cards = decides_itself_ && cards <= kMostCardsWithAllFields};
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (current_[i] != nullptr) AddLink(links[i], *current_[i], out);
    }
    fallback_.Remember(links, current_, devices_, shown_);
    if (first_error_) return {.state = CollectorState::kPartial, .error = first_error_};
    return {};
  }

  bool CollectFallback(Samples& out) override { return fallback_.Collect(out); }

 private:
  void Restart() {
    link_count_ = 0;
    current_.clear();
    first_error_.reset();
  }

  // A device that cannot be understood costs its own series only.
  void Visit(const NetlinkMessage& message) {
    if (message.type != RTM_NEWLINK) return;
    if (link_count_ == links_.size()) links_.emplace_back();
    if (Status parsed = ParseLinkMessage(message.payload, links_[link_count_]); !parsed) {
      if (!first_error_) first_error_ = parsed.error();
      return;
    }
    ++link_count_;
  }

  void AddLink(const Link& link, Device& device, Samples& out) const {
    switch (device.treatment) {
      case DeviceTreatment::kOff:
        return;
      case DeviceTreatment::kSummed:
        if (link.stats_count == 0) return;
        for (const LinkField field : kPathFields) {
          AddStat(link, device, field, Visibility::kHidden, out);
        }
        // The ledger counts the drops of these: their packets wait for a program.
        if (device.kind == "tun") {
          out.Add(kFamilies[kInfo], {device.label, device.kind, "", "", "", ""}, std::uint64_t{1},
                  Visibility::kHidden);
        }
        return;
      case DeviceTreatment::kShown:
        AddShown(link, device, Visibility::kEverywhere, out);
        return;
      case DeviceTreatment::kStacked:
        AddShown(link, device, Visibility::kOffPath, out);
        return;
    }
  }

  void AddShown(const Link& link, Device& device, Visibility visibility, Samples& out) const {
    for (std::size_t i = 0; i < link.stats_count; ++i) {
      const auto field = static_cast<LinkField>(i);
      if (link.stats[i] != 0) device.filled.Add(field);
      if (device.is_hardware && kDriverFields.Has(field) && !device.filled.Has(field)) {
        if (!IsShownAt(tier_, kFamilies[kUnfilled].tier)) continue;
        out.Add(kFamilies[kUnfilled], {device.label, SlugOf(field)}, std::uint64_t{1}, visibility);
      } else if (shown_.Has(field, device.is_hardware)) {
        AddStat(link, device, field, visibility, out);
      } else if (FeedsPathOnly(field, visibility)) {
        AddStat(link, device, field, Visibility::kPathOnly, out);
      }
    }
    AddWords(link, device, visibility, out);
    AddNumbers(link, device, visibility, out);
  }

  static void AddStat(const Link& link, const Device& device, LinkField field,
                      Visibility visibility, Samples& out) {
    out.Add(FamilyOf(field), {device.label}, link.stats[static_cast<std::size_t>(field)],
            visibility);
  }

  void AddWords(const Link& link, const Device& device, Visibility visibility, Samples& out) const {
    const std::string_view master = link.master ? devices_.LabelOf(*link.master) : "";
    const bool lower_is_here = link.lower && !link.lower_in_other_netns &&
                               *link.lower != static_cast<std::uint32_t>(link.index);
    const std::string_view lower = lower_is_here ? devices_.LabelOf(*link.lower) : "";
    out.Add(kFamilies[kInfo],
            {device.label, device.kind, device.driver, master, lower, device.parent},
            std::uint64_t{1}, visibility);
    if (link.operstate && *link.operstate < kOperstates.size() &&
        IsShownAt(tier_, kFamilies[kOperstate].tier)) {
      out.Add(kFamilies[kOperstate], {device.label, kOperstates[*link.operstate]}, std::uint64_t{1},
              visibility);
    }
  }

  void AddNumbers(const Link& link, const Device& device, Visibility visibility,
                  Samples& out) const {
    const auto add = [&](FamilyIndex index, const auto& value) {
      if (!value || !IsShownAt(tier_, kFamilies[index].tier)) return;
      out.Add(kFamilies[index], {device.label}, std::uint64_t{*value}, visibility);
    };
    const bool up = (link.flags & IFF_UP) != 0;
    add(kUp, std::optional<std::uint8_t>(up ? 1 : 0));
    // Many a driver claims a carrier for as long as nobody has looked.
    if (up) add(kCarrier, link.carrier);
    add(kCarrierChanges, link.carrier_changes);
    add(kCarrierUp, link.carrier_up_count);
    add(kCarrierDown, link.carrier_down_count);
    add(kSpeed, device.speed);
    add(kMtu, link.mtu);
    add(kQueueLength, link.transmit_queue_length);
    add(kReceiveQueues, link.receive_queues);
    add(kTransmitQueues, link.transmit_queues);
    add(kGsoMaxSize, link.gso_max_size);
    add(kGsoMaxSegments, link.gso_max_segments);
    add(kGroMaxSize, link.gro_max_size);
    add(kGsoIpv4MaxSize, link.gso_ipv4_max_size);
    add(kGroIpv4MaxSize, link.gro_ipv4_max_size);
  }

  Kernel kernel_;
  Devices devices_;
  const Tier tier_;
  const bool decides_itself_;
  ShownFields shown_;  // This round.
  NetDevFallback fallback_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  std::unique_ptr<NetlinkPort> port_;
  std::vector<Link> links_;  // The first link_count_ are of this round.
  std::size_t link_count_ = 0;
  std::vector<Device*> current_;  // Beside links_.
  std::optional<Error> first_error_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "link",
    .summary = "Network devices: all 25 statistics fields, state, speed, size and queues.",
    .may_block = true,
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<LinkCollector>(
          context.kernel, DevicePolicyFor(context.options, context.devices),
          TierOf(context.options), context.options.Text("tier") == "auto");
    },
};

}  // namespace netstack::link
