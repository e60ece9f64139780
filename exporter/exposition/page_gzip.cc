#include "exporter/exposition/page_gzip.h"

#include <cstring>

#include "exporter/exposition/bit_writer.h"
#include "exporter/exposition/deflate_code.h"

namespace netstack {
namespace {

// RFC 1952: magic, deflate, no flags, no time, fastest algorithm, unknown system.
constexpr std::string_view kGzipHeader("\x1f\x8b\x08\0\0\0\0\0\x04\xff", 10);

// A literal takes at most 9 bits; a match less than the bytes it stands for.
std::size_t BoundOf(std::size_t page_size) {
  constexpr std::size_t kFrame = 64;  // Header, trailer, block, and what BitWriter wants.
  return page_size + page_size / 8 + kFrame;
}

void PutLiterals(std::string_view text, BitWriter& out) {
  for (const char c : text) out.Put(CodeOfLiteral(c));
}

char* PutLittleEndian(std::uint32_t value, char* at) {
  for (int i = 0; i < 4; ++i) *at++ = static_cast<char>(value >> (8 * i));
  return at;
}

}  // namespace

std::string_view PageGzip::Compress(std::string_view page) {
  // To find the matches costs what they save in about as many pages.
  constexpr int kPatience = 8;
  if (!shape_.Fits(page)) {
    shape_.Learn(page);
    matches_.Clear();
    pages_ = 0;
  }
  if (matches_.empty()) {
    if (pages_++ < patience_) {
      if (!gzip_) gzip_.emplace();
      return gzip_->Compress(page);
    }
    patience_ = kPatience;
    matches_.Find(shape_);
    codes_.Prepare(matches_, shape_.segments().size());
    gzip_.reset();  // 200 kB that are not needed for as long as the shape lasts.
  }
  return Encode(page);
}

std::string_view PageGzip::Encode(std::string_view page) {
  const std::size_t bound = BoundOf(page.size());
  if (buffer_.size() < bound) buffer_.Grow(bound + bound / 4);  // Numbers grow.
  std::memcpy(buffer_.data(), kGzipHeader.data(), kGzipHeader.size());
  BitWriter out(buffer_.data() + kGzipHeader.size());
  out.Put(0b011, 3);  // The last block, with fixed codes.
  const std::vector<std::uint32_t>& starts = shape_.starts();
  codes_.Update(page, starts);
  std::uint32_t at = 0;
  for (std::size_t segment = 0; segment < starts.size(); ++segment) {
    PutLiterals(page.substr(at, starts[segment] - at), out);  // The number before it.
    codes_.Put(segment, out);
    at = starts[segment] + shape_.segments()[segment].size;
  }
  out.Put(CodeOfSymbol(kEndOfBlock));
  char* end = out.Finish();
  end = PutLittleEndian(Crc32(page), end);
  end = PutLittleEndian(static_cast<std::uint32_t>(page.size()), end);
  return {buffer_.data(), static_cast<std::size_t>(end - buffer_.data())};
}

}  // namespace netstack
