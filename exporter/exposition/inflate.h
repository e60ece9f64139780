#pragma once

#include <zlib.h>

#include <string>
#include <string_view>

namespace netstack {

// For tests: what zlib makes of one gzip member that holds `size` bytes, or an error in words.
inline std::string Inflate(std::string_view member, std::size_t size) {
  std::string page(size, '\0');
  z_stream stream = {};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return "cannot start";
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(member.data()));
  stream.avail_in = static_cast<uInt>(member.size());
  stream.next_out = reinterpret_cast<Bytef*>(page.data());
  stream.avail_out = static_cast<uInt>(page.size());
  const int result = inflate(&stream, Z_FINISH);
  const bool whole = result == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
  inflateEnd(&stream);
  return whole ? page : "not one whole member";
}

}  // namespace netstack
