#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "collectors/device_policy.h"
#include "collectors/link_news.h"
#include "kernel/kernel.h"

namespace netstack {

// A network device with hardware (or a hypervisor) behind it, as sysfs shows it.
struct NetworkCard {
  std::string name;
  std::string label;        // The name as a label value.
  std::string driver;       // "virtio_net"; empty if it has none.
  std::string parent;       // Name of the device it sits on: "virtio2", "0000:00:03.0".
  std::uint64_t index = 0;  // The kernel's number of it; 0 if it is gone.
  // Another number for a device that took the name of one that is gone.
  std::uint64_t identity = 0;
};

// The options of a collector that reads network cards: kDeviceOptions without that for container
// ports, which have no hardware.
inline constexpr std::array<OptionSpec, 2> kCardOptions = {kDeviceOptions[0], kDeviceOptions[1]};
static_assert(kCardOptions[1].name == "device-exclude");

// The devices whose queues, rings and interrupts are worth a look: those with a hardware parent
// that no expression excludes, and what a device-include expression names. Found out when a device
// appears and kept while it lives. One thread at a time.
class NetworkCards {
 public:
  // `kernel` must outlive the object. Of `shared` the expressions count where `options`, which has
  // the rows of kCardOptions, gives none.
  NetworkCards(const Kernel& kernel, const OptionValues& options, const DevicePolicy& shared);

  // Brings the list up to date, at once with what the kernel tells of links; where /sys is of
  // another network namespace than the caller's, within eight calls. kAbsent when there is no
  // /sys/class/net.
  Status Update();
  // By name. Valid until the next Update().
  std::span<const NetworkCard> all() const { return devices_; }
  // Another number whenever all() is not as it was.
  std::uint64_t generation() const { return generation_; }

 private:
  struct Known {
    std::string name;
    File index;  // A number that the kernel does not give again soon.
    std::uint64_t index_value = 0;
    bool is_shown = false;
  };

  bool IsAsBefore();
  static std::uint64_t ReadIndex(File& file);
  void Discover(const std::string& name);
  std::string PathOf(std::string_view name, std::string_view below) const;

  const Kernel& kernel_;
  const std::string class_path_;
  DevicePolicy policy_;
  LinkNews news_;
  std::vector<DirectoryEntry> entries_;
  std::vector<Known> known_;  // All devices, by name.
  std::vector<NetworkCard> devices_;
  std::uint64_t next_identity_ = 1;
  std::uint64_t generation_ = 0;
};

}  // namespace netstack
