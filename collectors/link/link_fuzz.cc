#include <cstddef>
#include <cstdint>
#include <span>

#include "collectors/link/link_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstack::link::Link link;
  (void)ParseLinkMessage(std::as_bytes(std::span(data, size)), link);
  return 0;
}
