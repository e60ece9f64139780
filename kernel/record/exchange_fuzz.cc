#include <cstddef>
#include <cstdint>
#include <string>

#include "kernel/record/exchange.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const netstack::Exchange exchange(std::string(reinterpret_cast<const char*>(data), size));
  (void)exchange.Answers({.protocol = 0, .payload = {}});
  (void)exchange.Replay(
      "fuzz", [](const netstack::NetlinkMessage&) {}, [] {});
  return 0;
}
