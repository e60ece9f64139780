#include <cstddef>
#include <cstdint>
#include <string_view>

#include "collectors/queues/queue_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using netstack::queues::Format;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Format format : {Format::kDecimal, Format::kInflight, Format::kMask}) {
    (void)netstack::queues::ParseQueueFile(text, "fuzz", format);
  }
  return 0;
}
