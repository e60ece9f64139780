#include <cstddef>
#include <cstdint>
#include <span>

#include "collectors/neighbour/table_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  netstack::neighbour::Table table;
  (void)ParseTableMessage(bytes, table);
  netstack::neighbour::Entry entry;
  (void)ParseEntryMessage(bytes, entry);
  return 0;
}
