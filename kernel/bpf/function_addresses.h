#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace netstack {

// A part of a kernel function: a compiler may have made several of one.
struct FunctionPart {
  std::size_t function = 0;  // Position in the names that were asked for.
  std::uint64_t start = 0;
  std::uint64_t end = 0;  // Where the next symbol begins.
  bool operator==(const FunctionPart&) const = default;
};

// Where these functions of the kernel and its modules lie, with the parts that a compiler cut off
// or made copies of ("veth_xmit.cold", "veth_poll.constprop.0"). One that was inlined everywhere
// has no part. Reads /proc/kallsyms, some 10 MB, line by line. Empty where it cannot be read, or
// shows no addresses: to those without CAP_SYSLOG, unless kernel.perf_event_paranoid is below 2,
// and to nobody with kernel.kptr_restrict=2.
std::vector<FunctionPart> FindFunctions(const std::string& path,
                                        std::span<const std::string_view> names);

}  // namespace netstack
