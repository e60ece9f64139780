// Feeds pages to the compressor: any text, then the same text with other numbers, as scrapes have
// them. zlib must make of each what it was.
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "exporter/exposition/inflate.h"
#include "exporter/exposition/page_gzip.h"

namespace {

void Check(netstack::PageGzip& gzip, const std::string& page) {
  if (netstack::Inflate(gzip.Compress(page), page.size()) != page) std::abort();
}

// The text with a number of another length where PageShape sees one.
std::string WithOtherNumbers(std::string_view text, std::mt19937& random) {
  std::string page;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t blank = line.rfind(' ');
    if (line.starts_with('#') || blank == std::string_view::npos) {
      page += line;
    } else {
      page += line.substr(0, blank + 1);
      // Seldom so long that matches reach farther than the format allows.
      const std::size_t digits = random() % 64 == 0 ? random() % 40000 : random() % 20;
      page.append(digits, static_cast<char>('0' + random() % 10));
    }
    if (end == std::string_view::npos) break;
    page += '\n';
    text.remove_prefix(end + 1);
  }
  return page;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::mt19937 random(static_cast<std::uint32_t>(size));
  netstack::PageGzip gzip;
  Check(gzip, text);
  for (int round = 0; round < 3; ++round) Check(gzip, WithOtherNumbers(text, random));
  // Another shape, for long enough to be believed.
  const std::string half = text.substr(0, size / 2);
  for (int round = 0; round < 10; ++round) Check(gzip, WithOtherNumbers(half, random));
  Check(gzip, text);
  return 0;
}
