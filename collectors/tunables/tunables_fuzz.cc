#include <cstddef>
#include <cstdint>

#include "collectors/tunables/sysctl_value.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using netstack::tunables::Layout;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  netstack::tunables::SysctlValue value;
  for (const Layout layout : {Layout::kSingle, Layout::kMinMax, Layout::kMinDefaultMax,
                              Layout::kWord, Layout::kWords, Layout::kCpuBitmap}) {
    (void)ParseSysctl(text, "fuzz", layout, value);
  }
  return 0;
}
