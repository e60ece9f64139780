#include "kernel/bpf/objects.h"

#include <cstddef>

#include "kernel/bpf/programs/layouts.h"
// After what it refers to.
#include "accept_wait.skel.h"
#include "drops.skel.h"
#include "irq.skel.h"
#include "napi.skel.h"
#include "queue_peaks.skel.h"
#include "tcp_prune.skel.h"
#include "tcp_sockets.skel.h"

namespace netstack {
namespace {

std::span<const char> Bytes(const void* (*elf_bytes)(std::size_t*)) {
  std::size_t size = 0;
  const void* const bytes = elf_bytes(&size);
  return {static_cast<const char*>(bytes), size};
}

}  // namespace

std::span<const char> DropsElf() {
  return Bytes(drops::elf_bytes);
}
std::span<const char> QueuePeaksElf() {
  return Bytes(queue_peaks::elf_bytes);
}
std::span<const char> NapiElf() {
  return Bytes(napi::elf_bytes);
}
std::span<const char> IrqElf() {
  return Bytes(irq::elf_bytes);
}
std::span<const char> TcpSocketsElf() {
  return Bytes(tcp_sockets::elf_bytes);
}
std::span<const char> TcpPruneElf() {
  return Bytes(tcp_prune::elf_bytes);
}
std::span<const char> AcceptWaitElf() {
  return Bytes(accept_wait::elf_bytes);
}

}  // namespace netstack
