#include <cstddef>
#include <cstdint>

#include "collectors/sockstat/limits.h"
#include "collectors/sockstat_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  netstack::Sockstat sockstat;
  (void)ParseSockstat(text, "/proc/net/sockstat", sockstat);
  netstack::sockstat::MemoryLimits limits;
  (void)ParseMemoryLimits(text, "tcp_mem", limits);
  std::uint64_t limit = 0;
  (void)netstack::sockstat::ParseLimit(text, "tcp_max_orphans", limit);
  return 0;
}
