#include <cstddef>
#include <cstdint>

#include "collectors/queue_map.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstack::NetdevMessage message;
  if (!message.Parse({reinterpret_cast<const std::byte*>(data), size})) return 0;
  (void)netstack::netdev::QueueOf(message);
  (void)netstack::netdev::NapiOf(message);
  for (std::uint16_t type = 0; type < netstack::NetdevMessage::kMostTypes; ++type) {
    (void)message.Get(type);
  }
  return 0;
}
