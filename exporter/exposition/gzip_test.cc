#include "exporter/exposition/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace netstack {
namespace {

// What zlib makes of one gzip member, or an error in words.
std::string Inflate(std::string_view member, std::size_t size) {
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

std::string SomePage(std::size_t lines) {
  std::string page;
  for (std::size_t i = 0; i < lines; ++i) {
    page += "netstack_softnet_processed_total{cpu=\"" + std::to_string(i) + "\"} " +
            std::to_string(i * i * 7919) + "\n";
  }
  return page;
}

TEST(Gzip, GivesPagesOfAnySizeThatZlibReads) {
  Gzip gzip;
  for (const std::size_t lines :
       {std::size_t{3000}, std::size_t{0}, std::size_t{1}, std::size_t{50000}, std::size_t{10}}) {
    const std::string page = SomePage(lines);
    const std::string_view member = gzip.Compress(page);
    EXPECT_EQ(Inflate(member, page.size()), page) << lines;
  }
}

TEST(Gzip, MakesAPageMuchSmaller) {
  const std::string page = SomePage(3000);
  EXPECT_LT(Gzip().Compress(page).size(), page.size() / 4);
}

}  // namespace
}  // namespace netstack
