#include "exporter/http/stack_pages.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace netstack {

void* StackEnd() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return nullptr;
  void* lowest = nullptr;
  std::size_t size = 0;
  const bool known = pthread_attr_getstack(&attributes, &lowest, &size) == 0;
  pthread_attr_destroy(&attributes);
  return known ? lowest : nullptr;
}

void ReleaseStackBelow(void* end) {
  static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto lowest = reinterpret_cast<std::uintptr_t>(end);
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  // Some of it stays for this function and what it calls.
  constexpr std::uintptr_t kInUse = 1024;
  const std::uintptr_t top = (here - kInUse) / page * page;
  // glibc gives the lowest address without the guard pages; both ends are whole pages.
  if (end == nullptr || top <= lowest) return;
  (void)madvise(end, top - lowest, MADV_DONTNEED);
}

}  // namespace netstack
