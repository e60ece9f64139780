#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace netstack {

// Compresses pages. The compressor and the buffer are kept, so that from the second page of a size
// on nothing is allocated. One thread at a time.
class Gzip {
 public:
  // 1 costs least. Levels are those of libdeflate (1 to 12), or of zlib where that is built in.
  static constexpr int kDefaultLevel = 1;

  explicit Gzip(int level = kDefaultLevel);
  ~Gzip();
  Gzip(Gzip&&) noexcept;
  Gzip& operator=(Gzip&&) noexcept;

  // The page as one gzip member, valid until the next call. Empty if memory ran out.
  std::string_view Compress(std::string_view page);

  // The library behind it, for people.
  static std::string_view Library();

 private:
  class Compressor;
  std::unique_ptr<Compressor> compressor_;
};

// The checksum of a gzip member (RFC 1952).
std::uint32_t Crc32(std::string_view text);

}  // namespace netstack
