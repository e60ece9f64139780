#include "collectors/network_cards.h"

#include <algorithm>
#include <utility>

#include "collectors/device_label.h"
#include "kernel/text.h"

namespace netstack {

namespace {

constexpr std::size_t kIndexSize = 32;

}  // namespace

NetworkCards::NetworkCards(const Kernel& kernel, const OptionValues& options,
                           const DevicePolicy& shared)
    : kernel_(kernel),
      class_path_(kernel.roots.Sys("class/net")),
      policy_(DevicePolicyFor(options, shared)),
      news_(kernel) {}

std::string NetworkCards::PathOf(std::string_view name, std::string_view below) const {
  return kernel_.roots.Sys("class/net/" + std::string(name) + "/" + std::string(below));
}

Status NetworkCards::Update() {
  if (!news_.MayHaveChanged()) return {};
  if (Status listed = kernel_.ListDirectory(class_path_, entries_, Links::kAreDirectories);
      !listed) {
    news_.Retry();
    return listed;
  }
  // Files such as bonding_masters stand between the links to devices.
  std::erase_if(entries_, [](const DirectoryEntry& entry) { return !entry.is_directory; });
  if (IsAsBefore()) return {};
  ++generation_;
  std::vector<Known> old_known = std::exchange(known_, {});
  std::vector<NetworkCard> old_devices = std::exchange(devices_, {});
  // All three are sorted by name.
  auto known = old_known.begin();
  auto device = old_devices.begin();
  for (const DirectoryEntry& entry : entries_) {
    while (known != old_known.end() && known->name < entry.name) ++known;
    while (device != old_devices.end() && device->name < entry.name) ++device;
    const bool is_same = known != old_known.end() && known->name == entry.name &&
                         (!known->is_shown || ReadIndex(known->index) == known->index_value);
    if (!is_same) {
      Discover(entry.name);
      continue;
    }
    if (known->is_shown) devices_.push_back(std::move(*device));
    known_.push_back(std::move(*known));
  }
  return {};
}

bool NetworkCards::IsAsBefore() {
  if (!std::ranges::equal(entries_, known_, {}, &DirectoryEntry::name, &Known::name)) return false;
  return std::ranges::all_of(known_, [](Known& known) {
    return !known.is_shown || ReadIndex(known.index) == known.index_value;
  });
}

std::uint64_t NetworkCards::ReadIndex(File& file) {
  const Result<std::string_view> text = file.Read();
  return text ? ParseDecimal(Trimmed(*text)).value_or(0) : 0;
}

void NetworkCards::Discover(const std::string& name) {
  known_.push_back(
      {.name = name, .index = File(PathOf(name, "ifindex"), kernel_.file_observer, kIndexSize)});
  const Result<std::string> parent = kernel_.ReadLink(PathOf(name, "device"));
  const bool has_parent = parent.ok();
  // Without a parent only a person's expression makes it worth a look.
  if (!has_parent && policy_.rules().include.empty()) return;
  const DeviceTreatment treatment =
      policy_.TreatmentOf({.name = name, .has_hardware_parent = has_parent});
  if (treatment != DeviceTreatment::kShown) return;
  const Result<std::string> driver = kernel_.ReadLink(PathOf(name, "device/driver"));
  Known& known = known_.back();
  known.is_shown = true;
  known.index_value = ReadIndex(known.index);
  devices_.push_back({.name = name,
                      .label = DeviceLabel(name),
                      .driver = driver ? DeviceLabel(BaseName(*driver)) : "",
                      .parent = has_parent ? std::string(BaseName(*parent)) : "",
                      .index = known.index_value,
                      .identity = next_identity_++});
}

}  // namespace netstack
