#include <cstddef>
#include <cstdint>
#include <string_view>

#include "collectors/per_cpu_stat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstack::PerCpuStat stat;
  (void)ParsePerCpuStat({reinterpret_cast<const char*>(data), size}, "stat", stat);
  return 0;
}
