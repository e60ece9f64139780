#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/ethtool/settings.h"
#include "kernel/kernel.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/generic.h"

namespace netstack::ethtool {

// Asks the kernel's "ethtool" family about devices. One thread at a time.
class Conversation {
 public:
  // `kernel` must outlive the object.
  explicit Conversation(const Kernel& kernel) : kernel_(kernel) {}

  // Opens what is not open yet. kAbsent where the kernel has no ethtool netlink (before 5.6).
  Status Open();

  // Replaces `settings` and `counters` by what the device's driver tells; a command that it does
  // not have is no error. After an error they are incomplete.
  Status Read(const std::string& device, Settings& settings, LiveCounters& counters);
  // Reads again the counters that are there already, and no others.
  Status ReadAgain(const std::string& device, LiveCounters& counters);

  // What changed since the last call.
  struct News {
    bool anything_may_have_changed = false;
    std::vector<std::string> devices;
  };
  void TakeNews(News& news);

 private:
  template <class Parser>
  Status Ask(std::uint8_t command, std::uint32_t flags, const std::string& device,
             const Parser& parse);

  const Kernel& kernel_;
  std::unique_ptr<NetlinkPort> port_;
  std::unique_ptr<NetlinkListener> listener_;  // Null where there is nothing to hear.
  GenericFamily family_;
  NetlinkBuilder request_;
};

}  // namespace netstack::ethtool
