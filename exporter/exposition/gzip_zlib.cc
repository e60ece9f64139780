#include <zlib.h>

#include <new>

#include "exporter/exposition/gzip.h"
#include "kernel/raw_buffer.h"

namespace netstack {

class Gzip::Compressor {
 public:
  explicit Compressor(int level) {
    constexpr int kGzipWindow = 15 + 16;  // Largest window, gzip header and trailer.
    constexpr int kMemoryLevel = 8;
    const int result =
        deflateInit2(&stream_, level, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY);
    if (result != Z_OK) throw std::bad_alloc();
  }
  ~Compressor() { deflateEnd(&stream_); }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  std::string_view Compress(std::string_view page) {
    deflateReset(&stream_);
    const std::size_t bound = deflateBound(&stream_, page.size());
    if (buffer_.size() < bound) buffer_.Grow(bound + bound / 4);  // Pages grow a little.
    // zlib's next_in is not const, but it does not write there.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(page.data()));
    stream_.avail_in = static_cast<uInt>(page.size());
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) return {};
    return {buffer_.data(), buffer_.size() - stream_.avail_out};
  }

 private:
  z_stream stream_ = {};
  RawBuffer<char> buffer_;
};

Gzip::Gzip(int level) : compressor_(std::make_unique<Compressor>(level)) {}
Gzip::~Gzip() = default;
Gzip::Gzip(Gzip&&) noexcept = default;
Gzip& Gzip::operator=(Gzip&&) noexcept = default;

std::string_view Gzip::Compress(std::string_view page) {
  return compressor_->Compress(page);
}

std::string_view Gzip::Library() {
  return "zlib";
}

std::uint32_t Crc32(std::string_view text) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
}

}  // namespace netstack
