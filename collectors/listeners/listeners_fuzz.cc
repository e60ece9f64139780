#include <cstddef>
#include <cstdint>
#include <span>

#include "kernel/netlink/inet_diag.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstack::InetSocket socket;
  (void)netstack::ParseInetSocket(std::as_bytes(std::span(data, size)), socket);
  return 0;
}
