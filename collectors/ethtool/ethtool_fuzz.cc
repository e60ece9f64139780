#include <linux/ethtool_netlink.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "collectors/ethtool/settings.h"
#include "kernel/netlink/generic.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netstack::ethtool;
  std::uint8_t command = 0;
  std::span<const std::byte> attributes;
  if (!netstack::SplitGeneric(std::as_bytes(std::span(data, size)), command, attributes)) return 0;
  Settings settings;
  LiveCounters counters;
  for (const std::uint8_t numbers : {ETHTOOL_MSG_RINGS_GET, ETHTOOL_MSG_CHANNELS_GET,
                                     ETHTOOL_MSG_COALESCE_GET, ETHTOOL_MSG_PAUSE_GET}) {
    (void)ParseNumbers(numbers, attributes, "eth0", settings);
  }
  (void)ParseFeatures(attributes, "eth0", settings);
  (void)ParseRss(attributes, "eth0", settings);
  (void)ParsePauseFrames(attributes, "eth0", counters);
  (void)ParseLinkState(attributes, "eth0", counters);
  (void)DeviceOf(attributes);
  return 0;
}
