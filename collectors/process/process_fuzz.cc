#include <cstddef>
#include <cstdint>

#include "collectors/process/boot_time.h"
#include "collectors/process/limits.h"
#include "collectors/process/self_stat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  netstack::process::SelfStat stat;
  (void)ParseSelfStat(text, stat);
  netstack::process::Limits limits;
  (void)ParseLimits(text, limits);
  (void)netstack::process::ParseBootTime(text);
  return 0;
}
