#include <linux/rtnetlink.h>

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "collectors/bonding/bond_message.h"
#include "collectors/bonding/families.h"
#include "collectors/collector.h"
#include "collectors/link/device_table.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/open_once.h"

namespace netstack::bonding {
namespace {

// BOND_MODE_*, BOND_LINK_*.
constexpr std::array<std::string_view, 7> kModes = {"balance-rr", "active-backup", "balance-xor",
                                                    "broadcast",  "802.3ad",       "balance-tlb",
                                                    "balance-alb"};
constexpr std::uint8_t kLinkUp = 0;
constexpr std::uint8_t kLinkGoingDown = 1;  // Still used, until the delay is over.

bool IsUp(const BondLink& slave) {
  return slave.mii_status == kLinkUp || slave.mii_status == kLinkGoingDown;
}

class BondingCollector : public Collector {
 public:
  BondingCollector(const Kernel& kernel, const DevicePolicy& policy)
      : kernel_(kernel), news_(kernel_), devices_(kernel_, policy) {
    request_.AddHeader(ifinfomsg{});
    request_.AddU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    visit_ = [this](const NetlinkMessage& message) { Visit(message); };
    restart_ = [this] { Restart(); };
  }

  Outcome Collect(Samples& out) override {
    if (Status opened = OpenOnce(kernel_.netlink, NETLINK_ROUTE, port_); !opened) {
      return Outcome::FromError(opened.error());
    }
    // Most hosts have no bond, and need not be asked again before there is a new link.
    const bool has_none = bonds_.empty() && slaves_.empty() && !first_error_;
    if (!news_.MayHaveChanged() && has_none) return {};
    Restart();
    Status asked = port_->Request(RTM_GETLINK, NLM_F_DUMP, request_.payload(), visit_, restart_);
    if (asked && !bonds_.empty()) asked = devices_.Refresh(*port_);
    if (!asked) {
      news_.Retry();
      return Outcome::FromError(asked.error());
    }
    for (const BondLink& bond : bonds_) AddBond(bond, out);
    if (first_error_) return {.state = CollectorState::kPartial, .error = first_error_};
    return {};
  }

 private:
  void Restart() {
    bonds_.clear();
    slaves_.clear();
    first_error_.reset();
  }

  void Visit(const NetlinkMessage& message) {
    if (message.type != RTM_NEWLINK) return;
    BondLink link;
    if (Status parsed = ParseBondLink(message.payload, link); !parsed) {
      if (!first_error_) first_error_ = parsed.error();
      return;
    }
    if (link.is_bond) bonds_.push_back(link);
    if (link.is_slave) slaves_.push_back(link);
  }

  // The label of a device that is shown; empty otherwise.
  std::string_view LabelOf(std::uint32_t index) const {
    const link::NamedDevice* const device = devices_.Find(index);
    if (device == nullptr || device->treatment == DeviceTreatment::kOff) return {};
    return device->label;
  }

  void AddBond(const BondLink& bond, Samples& out) const {
    const std::string_view label = LabelOf(bond.index);
    if (label.empty()) return;
    if (bond.mode && *bond.mode < kModes.size()) {
      out.Add(kFamilies[kInfo], {label, kModes[*bond.mode]}, std::uint64_t{1});
    }
    std::uint64_t slaves = 0;
    std::uint64_t up = 0;
    for (const BondLink& slave : slaves_) {
      if (slave.master != bond.index) continue;
      ++slaves;
      if (IsUp(slave)) ++up;
      AddSlave(slave, label, out);
    }
    out.Add(kFamilies[kSlaves], {label}, slaves);
    out.Add(kFamilies[kSlavesUp], {label}, up);
    if (bond.aggregator_ports) {
      out.Add(kFamilies[kAggregatorPorts], {label}, std::uint64_t{*bond.aggregator_ports});
    }
  }

  void AddSlave(const BondLink& slave, std::string_view bond, Samples& out) const {
    const std::string_view label = LabelOf(slave.index);
    if (label.empty()) return;
    const auto add = [&](FamilyIndex family, std::uint64_t value) {
      out.Add(kFamilies[family], {bond, label}, value);
    };
    if (slave.mii_status) add(kSlaveUp, IsUp(slave) ? 1 : 0);
    if (slave.state) add(kSlaveActive, *slave.state == 0 ? 1 : 0);
    if (slave.aggregator) add(kSlaveAggregator, *slave.aggregator);
    if (slave.link_failures) add(kSlaveLinkFailures, *slave.link_failures);
  }

  Kernel kernel_;
  LinkNews news_;
  link::DeviceTable devices_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  std::unique_ptr<NetlinkPort> port_;
  std::vector<BondLink> bonds_;
  std::vector<BondLink> slaves_;
  std::optional<Error> first_error_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "bonding",
    .summary = "Bonds: their slaves, which of them are up and active, and their failures.",
    .may_block = true,
    .families = kFamilies,
    .options = kDeviceOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<BondingCollector>(context.kernel,
                                                DevicePolicyFor(context.options, context.devices));
    },
};

}  // namespace netstack::bonding
