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
  // Reads again the counters that are there already, and no others. After an error they are
  // incomplete.
  Status ReadAgain(const std::string& device, LiveCounters& counters);

  // What changed since the last call: settings, or a device (its name, its state, its carrier),
  // because not every way to change a setting is told.
  struct News {
    bool anything_may_have_changed = false;
    std::vector<std::string> devices;
  };
  void TakeNews(News& news);

 private:
  template <class Parser>
  Status Ask(std::uint8_t command, std::uint32_t flags, const std::string& device,
             const Parser& parse);
  template <class Parser>
  Status Send(const std::string& device, const Parser& parse);
  Status ReadPause(const std::string& device, LiveCounters& counters);
  Status ReadLinkState(const std::string& device, LiveCounters& counters);
  Status ReadFec(const std::string& device, FecSettings& settings, FecCounters& counters);
  Status ReadStandardStats(const std::string& device, StandardStats& stats);
  void BeginRequest(std::uint8_t command, std::uint16_t header, std::uint32_t flags,
                    const std::string& device);

  const Kernel& kernel_;
  std::unique_ptr<NetlinkPort> port_;
  std::unique_ptr<NetlinkListener> listener_;       // Null where there is nothing to hear.
  std::unique_ptr<NetlinkListener> link_listener_;  // The same, for devices themselves.
  FecSettings unused_fec_;                          // Of a reply that is read for its counters.
  GenericFamily family_;
  NetlinkBuilder request_;
};

}  // namespace netstack::ethtool
