#include <cstddef>
#include <cstdint>
#include <string_view>

#include "collectors/nic/stat_rows.h"
#include "kernel/driver_statistics.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netstack::nic;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  netstack::DriverStatistics statistics;
  if (!netstack::ParseDriverStatistics(text, "fuzz", statistics)) return 0;
  for (const std::string_view name : statistics.names) {
    for (const char* driver : {"bnxt_en", "ena", "gve", "virtio_net", "vmxnet3"}) {
      (void)MeaningOf(driver, name);
      (void)SectionOf(driver, name);
    }
    (void)LooksLikeTrouble(name);
  }
  return 0;
}
