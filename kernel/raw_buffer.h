#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>

namespace netstack {

// Memory to be written into. Not cleared, unlike a vector's, so that what is never written to
// occupies no page: it may be as large as the largest answer.
template <class T>
class RawBuffer {
 public:
  explicit RawBuffer(std::size_t size = 0) { Grow(size); }

  T* data() { return memory_.get(); }
  const T* data() const { return memory_.get(); }
  std::size_t size() const { return size_; }
  std::span<T> span() { return {memory_.get(), size_}; }

  // Makes it at least as large. What is in it stays.
  void Grow(std::size_t size) {
    if (size <= size_) return;
    auto larger = std::make_unique_for_overwrite<T[]>(size);
    if (size_ > 0) std::memcpy(larger.get(), memory_.get(), size_ * sizeof(T));
    memory_ = std::move(larger);
    size_ = size;
  }

 private:
  std::unique_ptr<T[]> memory_;
  std::size_t size_ = 0;
};

}  // namespace netstack
