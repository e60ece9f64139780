#include <algorithm>
#include <array>

#include "kernel/bpf/source.h"

namespace netstack {

bool HasDevice(std::string_view reason) {
  // Given where sk_buff.dev is in use, and wanted by the ledger.
  constexpr auto kReasons = std::to_array<std::string_view>({
      "NETFILTER_DROP",
      "UNHANDLED_PROTO",
      "IP_LOCALNET",
  });
  return std::ranges::find(kReasons, reason) != kReasons.end();
}

}  // namespace netstack
