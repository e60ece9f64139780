#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/bpf/source.h"

namespace netstack {

// The programs of this process in the kernel. They end with the process, however it ends.
//
// For one who wants the depth of single connections, by address and port:
// kernel/bpf/socket_peaks.h.
class BpfHost : public BpfSource {
 public:
  // Of a collector, or of one of its options, where they are on request.
  using Wanted = std::function<bool(std::string_view collector, std::string_view option)>;
  // Puts the programs for which `wanted` is true to work, where they are not yet, and ends the
  // others. What cannot be loaded is told by Programs(); nothing else fails.
  virtual void Use(const Wanted& wanted) = 0;
};

std::unique_ptr<BpfHost> MakeBpfHost();

// Whether this exporter has eBPF: "libbpf 1.1", or "no" and what was missing when it was built.
std::string_view DescribeBpf();

}  // namespace netstack
