#include <cstddef>
#include <cstdint>
#include <string_view>

#include "collectors/xfrm/xfrm_stat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstack::xfrm::XfrmStat stat;
  (void)ParseXfrmStat({reinterpret_cast<const char*>(data), size}, stat);
  return 0;
}
