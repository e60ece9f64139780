#include "exporter/path/path_devices.h"

#include <algorithm>
#include <array>

namespace netstack {
namespace {

using Names = std::vector<std::string_view>;

// Drivers that receive by NAPI alone (napi_gro_receive, netif_receive_skb), as of Linux 6.12. Those
// that call netif_rx, as of USB adapters, go by the backlog whatever rps_cpus says.
constexpr auto kNapiDrivers = std::to_array<std::string_view>(
    {"bnx2x", "bnxt_en", "e1000", "e1000e", "ena",   "gve",        "hv_netvsc", "i40e",
     "iavf",  "ice",     "igb",   "igc",    "ixgbe", "ixgbevf",    "mlx4_core", "mlx5_core",
     "nfp",   "qede",    "r8169", "sfc",    "tg3",   "virtio_net", "vmxnet3"});
static_assert(std::ranges::is_sorted(kNapiDrivers));

// As of Linux 6.12. ena has it there since 6.9; before, what its programs drop is taken off a
// number that has it not.
constexpr auto kXdpInRxDropped = std::to_array<std::string_view>({"ena", "virtio_net"});
static_assert(std::ranges::is_sorted(kXdpInRxDropped));

// Drivers with native XDP, as of Linux 6.12, without a counter of it.
constexpr auto kXdpNotCounted = std::to_array<std::string_view>(
    {"bnxt_en", "i40e", "ice", "igb", "igc", "ixgbe", "ixgbevf", "nfp", "qede"});
static_assert(std::ranges::is_sorted(kXdpNotCounted));

// Reads a label by its name; empty where the family has none.
class LabelReader {
 public:
  LabelReader(const Family& family, std::string_view label)
      : index_(static_cast<std::size_t>(
            std::find(family.labels.begin(), family.labels.end(), label) - family.labels.begin())),
        has_(index_ < family.label_count()) {}
  std::string_view Of(const Samples::View& view) const {
    return has_ ? view.Label(index_) : std::string_view{};
  }

 private:
  std::size_t index_;
  bool has_;
};

bool Contains(std::span<const std::string_view> sorted, std::string_view name) {
  return std::binary_search(sorted.begin(), sorted.end(), name);
}

}  // namespace

PathDevices::PathDevices(std::span<const CollectorDeclaration* const> collectors)
    : info_(*TermRef::Find({.family = "netstack_link_info"}, collectors)),
      rps_(*TermRef::Find({.family = "netstack_queue_rps_cpus"}, collectors)),
      rfs_(*TermRef::Find({.family = "netstack_queue_rps_flows"}, collectors)) {}

void PathDevices::Find(std::span<const CollectorReport> reports) {
  const auto all = {&hardware_, &tunnels_,           &direct_,
                    &veths_,    &xdp_in_rx_dropped_, &xdp_not_counted_};
  for (Names* const names : all) names->clear();
  if (info_.declaration() == nullptr) return;
  const LabelReader driver(*info_.declaration(), "driver");
  const LabelReader kind(*info_.declaration(), "kind");
  info_.ForEach(reports, [&](const Samples::View& view) {
    if (!driver.Of(view).empty()) hardware_.push_back(info_.Device(view));
    if (kind.Of(view) == "tun") tunnels_.push_back(info_.Device(view));
    if (kind.Of(view) == "veth") veths_.push_back(info_.Device(view));
    if (Contains(kNapiDrivers, driver.Of(view))) direct_.push_back(info_.Device(view));
    if (Contains(kXdpInRxDropped, driver.Of(view))) {
      xdp_in_rx_dropped_.push_back(info_.Device(view));
    }
    if (Contains(kXdpNotCounted, driver.Of(view))) xdp_not_counted_.push_back(info_.Device(view));
  });
  for (Names* const names : all) std::sort(names->begin(), names->end());
  for (const TermRef* const steering : {&rps_, &rfs_}) KeepUnsteered(*steering, reports);
}

// What is not known to be unsteered may be steered.
void PathDevices::KeepUnsteered(const TermRef& steering, std::span<const CollectorReport> reports) {
  unsteered_.clear();
  steered_.clear();
  steering.ForEach(reports, [&](const Samples::View& view) {
    Names& names = view.value().AsDouble() == 0 ? unsteered_ : steered_;
    // The queues of a device follow one another.
    const std::string_view device = steering.Device(view);
    if (names.empty() || names.back() != device) names.push_back(device);
  });
  std::sort(unsteered_.begin(), unsteered_.end());
  std::sort(steered_.begin(), steered_.end());
  std::erase_if(direct_, [&](std::string_view device) {
    return !Contains(unsteered_, device) || Contains(steered_, device);
  });
}

bool PathDevices::Counts(Per per, std::string_view device) const {
  switch (per) {
    case Per::kHost:
    case Per::kDevice:
      return true;
    case Per::kHardware:
      return Contains(hardware_, device);
    case Per::kHardwareOrTunnel:
      return Contains(hardware_, device) || Contains(tunnels_, device);
    case Per::kNeverInBacklog:
      return Contains(direct_, device);
    case Per::kVeth:
      return Contains(veths_, device) || device == kOther;
    case Per::kXdpInRxDropped:
      return Contains(xdp_in_rx_dropped_, device);
    case Per::kXdpNotCounted:
      return Contains(xdp_not_counted_, device);
  }
  return false;
}

}  // namespace netstack
