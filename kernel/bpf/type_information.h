#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct btf;

namespace netstack {

struct BtfCloser {
  void operator()(btf* types) const;
};
// The running kernel's type information: several MB, so not to be kept.
using Btf = std::unique_ptr<btf, BtfCloser>;

// Null when the kernel has none, or none that can be read.
Btf LoadKernelBtf();

// Whether programs can look from that tracepoint, or call that function.
bool HasTracepoint(const btf* types, std::string_view name);
bool HasFunction(const btf* types, std::string_view name);

// How many arguments a tracepoint has; 0 when it is not there.
std::size_t ArgumentsOf(const btf* types, std::string_view tracepoint);

// What the kernel calls its drop reasons.
struct DropReasons {
  std::uint32_t first = 0;         // Lower numbers are no drops.
  std::vector<std::string> names;  // By cell (kernel/bpf/programs/layouts.h); empty: no name.
};
// Empty names before Linux 5.17.
DropReasons ReadDropReasons(const btf* types);

}  // namespace netstack
