#include <cstddef>
#include <cstdint>

#include "collectors/softnet/softirqs.h"
#include "collectors/softnet/softnet_stat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  netstack::softnet::SoftnetStat stat;
  (void)ParseSoftnetStat(text, text, stat);
  netstack::softnet::Softirqs softirqs;
  (void)ParseSoftirqs(text, softirqs);
  return 0;
}
