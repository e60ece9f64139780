#include <cstddef>
#include <cstdint>
#include <span>

#include "collectors/bonding/bond_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstack::bonding::BondLink link;
  (void)ParseBondLink(std::as_bytes(std::span(data, size)), link);
  return 0;
}
