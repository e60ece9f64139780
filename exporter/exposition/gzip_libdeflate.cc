#include <libdeflate.h>

#include <new>

#include "exporter/exposition/gzip.h"
#include "kernel/raw_buffer.h"

namespace netstack {

class Gzip::Compressor {
 public:
  explicit Compressor(int level) : deflate_(libdeflate_alloc_compressor(level)) {
    if (!deflate_) throw std::bad_alloc();
  }

  std::string_view Compress(std::string_view page) {
    const std::size_t bound = libdeflate_gzip_compress_bound(deflate_.get(), page.size());
    if (buffer_.size() < bound) buffer_.Grow(bound + bound / 4);  // Pages grow a little.
    const std::size_t size = libdeflate_gzip_compress(deflate_.get(), page.data(), page.size(),
                                                      buffer_.data(), buffer_.size());
    return {buffer_.data(), size};
  }

 private:
  struct Free {
    void operator()(libdeflate_compressor* compressor) const {
      libdeflate_free_compressor(compressor);
    }
  };
  std::unique_ptr<libdeflate_compressor, Free> deflate_;
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
  return "libdeflate";
}

std::uint32_t Crc32(std::string_view text) {
  return libdeflate_crc32(0, text.data(), text.size());
}

}  // namespace netstack
