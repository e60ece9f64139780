#include "collectors/link/devices.h"

#include <net/if.h>

#include "collectors/device_label.h"
#include "kernel/directory.h"
#include "kernel/text.h"

namespace netstack::link {
namespace {

constexpr std::uint64_t kBytesPerMegabit = 125'000;

bool OnLocalDevice(const Link& link) {
  return link.lower && *link.lower != 0 && !link.lower_in_other_netns &&
         *link.lower != static_cast<std::uint32_t>(link.index);
}

std::string NetPath(std::string_view device, std::string_view below) {
  return "class/net/" + std::string(device) + "/" + std::string(below);
}

}  // namespace

Devices::Devices(const Kernel& kernel, const DevicePolicy& policy)
    : kernel_(kernel), policy_(policy) {}

void Devices::BeginRound() {
  std::erase_if(entries_, [this](const auto& item) { return item.second.round != round_; });
  std::erase_if(name_rounds_, [this](const auto& item) { return item.second != round_; });
  ++round_;
}

std::string_view Devices::LabelOf(std::uint32_t index) const {
  const auto found = entries_.find(index);
  if (found == entries_.end() || found->second.round != round_) return {};
  return found->second.device.label;
}

bool Devices::IsAsBefore(const Basis& basis, const Link& link) {
  return basis.name == link.name && basis.kind == link.kind &&
         basis.peer_in_other_netns == link.lower_in_other_netns &&
         basis.on_local_device == OnLocalDevice(link);
}

Device* Devices::Update(const Link& link) {
  Entry& entry = entries_[static_cast<std::uint32_t>(link.index)];
  std::uint64_t& name_round = name_rounds_[link.name];
  if (entry.round == round_ || name_round == round_) return nullptr;
  name_round = round_;
  // An index is not given again soon, but a device can be renamed and moved.
  if (!IsAsBefore(entry.basis, link)) Discover(link, entry);
  entry.round = round_;
  Device& device = entry.device;
  // The speed is only known while there is a link, and reading it takes the RTNL lock.
  const bool has_link = (link.flags & IFF_UP) != 0 && link.carrier == 1;
  if (!device.is_hardware || !has_link) {
    device.speed.reset();
    entry.speed_of_change.reset();
  } else if (const std::uint32_t change = link.carrier_changes.value_or(0);
             entry.speed_of_change != change) {
    device.speed = ReadSpeed(link);
    entry.speed_of_change = change;
  }
  return &device;
}

void Devices::Discover(const Link& link, Entry& entry) const {
  entry = {.device = {.label = DeviceLabel(link.name),
                      .kind = DeviceLabel(link.kind),
                      .parent = DeviceLabel(link.parent)},
           .basis = {.name = link.name,
                     .kind = link.kind,
                     .peer_in_other_netns = link.lower_in_other_netns,
                     .on_local_device = OnLocalDevice(link)}};
  Device& device = entry.device;
  device.is_hardware = HasHardware(link);
  if (device.is_hardware) device.driver = DriverOf(link);
  // Never empty for hardware: that is how it is told from the rest.
  if (device.is_hardware && device.driver.empty()) device.driver = "unknown";
  device.filled = FieldsFilledBy(device.driver);
  device.treatment = policy_.TreatmentOf({.name = link.name,
                                          .kind = link.kind,
                                          .has_hardware_parent = device.is_hardware,
                                          .is_loopback = link.is_loopback,
                                          .peer_in_other_netns = link.lower_in_other_netns,
                                          .on_local_device = OnLocalDevice(link)});
}

// Linux says so itself since 5.14; before, sysfs has a link for such devices.
bool Devices::HasHardware(const Link& link) const {
  if (!link.parent.empty()) return true;
  if (!link.kind.empty() || link.is_loopback || !IsPathPart(link.name)) return false;
  return kernel_.ReadLink(kernel_.roots.Sys(NetPath(link.name, "device"))).ok();
}

std::string Devices::DriverOf(const Link& link) const {
  // By the bus if possible: class/net shows the devices of whoever mounted sysfs.
  if (IsPathPart(link.parent) && IsPathPart(link.parent_bus)) {
    const Result<std::string> driver = kernel_.ReadLink(
        kernel_.roots.Sys("bus/" + link.parent_bus + "/devices/" + link.parent + "/driver"));
    if (driver) return DeviceLabel(BaseName(*driver));
  }
  if (!IsPathPart(link.name)) return {};
  const Result<std::string> driver =
      kernel_.ReadLink(kernel_.roots.Sys(NetPath(link.name, "device/driver")));
  return driver ? DeviceLabel(BaseName(*driver)) : std::string();
}

std::optional<std::uint64_t> Devices::ReadSpeed(const Link& link) const {
  if (!IsPathPart(link.name)) return std::nullopt;
  const auto read = [&](std::string_view file) -> std::optional<std::uint64_t> {
    const Result<std::string> text =
        kernel_.ReadFileOnce(kernel_.roots.Sys(NetPath(link.name, file)));
    return text ? ParseDecimal(Trimmed(*text)) : std::nullopt;
  };
  // The sysfs of another namespace may have another device of the same name.
  if (read("ifindex") != static_cast<std::uint64_t>(link.index)) return std::nullopt;
  const std::optional<std::uint64_t> megabits = read("speed");  // -1: unknown.
  if (!megabits || *megabits >= UINT32_MAX) return std::nullopt;
  return *megabits * kBytesPerMegabit;
}

}  // namespace netstack::link
