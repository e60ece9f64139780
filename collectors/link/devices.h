#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "collectors/device_policy.h"
#include "collectors/link/driver_fields.h"
#include "collectors/link/link_message.h"
#include "kernel/kernel.h"

namespace netstack::link {

// What is known of a device beyond its last message; found out once and kept while it lives.
struct Device {
  std::string label;        // The name as a label value; so are the next three.
  std::string kind;         // Link::kind.
  std::string parent;       // Link::parent.
  std::string driver = {};  // "virtio_net"; "unknown" for hardware without, empty for all else.
  bool is_hardware = false;
  DeviceTreatment treatment = DeviceTreatment::kShown;
  // Fields that mean something: the driver fills them, or they were seen to count.
  FieldSet filled = {};
  std::optional<std::uint64_t> speed = {};  // Bytes per second.
};

// The devices of the host from round to round. One thread at a time.
class Devices {
 public:
  // `kernel` must outlive the object.
  Devices(const Kernel& kernel, const DevicePolicy& policy);

  // Begins a round: a device that is not updated before the next call is forgotten.
  void BeginRound();
  // The device of a link of this round, made or brought up to date. Valid until the next
  // BeginRound(). Null for an index or a name that was there already in this round: a device can be
  // renamed while the kernel lists them.
  Device* Update(const Link& link);
  // The label of the device with that index; empty if there is none.
  std::string_view LabelOf(std::uint32_t index) const;

 private:
  // What the treatment of a device was decided on.
  struct Basis {
    std::string name;
    std::string kind;
    bool peer_in_other_netns = false;
    bool on_local_device = false;
  };
  struct Entry {
    Device device;
    Basis basis;
    std::optional<std::uint32_t> speed_of_change = {};  // carrier_changes when it was read.
    std::uint64_t round = 0;
  };

  static bool IsAsBefore(const Basis& basis, const Link& link);
  void Discover(const Link& link, Entry& entry) const;
  bool HasHardware(const Link& link) const;
  std::string DriverOf(const Link& link) const;
  std::optional<std::uint64_t> ReadSpeed(const Link& link) const;

  const Kernel& kernel_;
  DevicePolicy policy_;
  std::unordered_map<std::uint32_t, Entry> entries_;            // By index.
  std::unordered_map<std::string, std::uint64_t> name_rounds_;  // When a name was there last.
  std::uint64_t round_ = 0;
};

}  // namespace netstack::link
