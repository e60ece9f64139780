#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "exporter/exposition/deflate_code.h"

namespace netstack {

// Writes bits, lowest first, to memory that has room for them and for 8 bytes more.
class BitWriter {
 public:
  explicit BitWriter(char* begin) : at_(begin) {}

  // At most 56 bits at a time.
  void Put(std::uint64_t bits, std::uint32_t size) {
    pending_ |= bits << size_;
    size_ += size;
    std::memcpy(at_, &pending_, sizeof pending_);  // Little-endian, like x86 and arm64.
    at_ += size_ / 8;
    pending_ >>= size_ & ~7u;
    size_ &= 7u;
  }
  void Put(DeflateCode code) { Put(code.bits, code.size); }

  // Fills the last byte with zeros and returns the end.
  char* Finish() {
    Put(0, (8 - size_) % 8);
    return at_;
  }

 private:
  char* at_;
  std::uint64_t pending_ = 0;
  std::uint32_t size_ = 0;  // Bits in pending_, below 8 between calls.
};

}  // namespace netstack
