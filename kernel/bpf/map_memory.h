#pragma once

#include <cstddef>
#include <span>
#include <utility>

namespace netstack {

// The values of an array in the kernel (BPF_F_MMAPABLE), seen as memory: reading them takes no
// system call and no privilege. They change at any time.
class MapMemory {
 public:
  MapMemory() = default;
  // Takes what mmap() gave.
  MapMemory(void* memory, std::size_t size) : memory_(memory), size_(size) {}
  MapMemory(MapMemory&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MapMemory& operator=(MapMemory&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MapMemory();

  template <class T>
  std::span<const T> Rows() const {
    return {static_cast<const T*>(memory_), size_ / sizeof(T)};
  }
  // The first value, to be written to; of maps that were asked for as writable.
  template <class T>
  T& Only() const {
    return *static_cast<T*>(memory_);
  }

 private:
  void* memory_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace netstack
