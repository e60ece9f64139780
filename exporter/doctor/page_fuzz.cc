// Feeds bytes to the reader of pages. Whatever they are, it reads them or says where they are
// wrong.
#include <cstdint>
#include <cstdlib>

#include "exporter/doctor/page.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const netstack::Result<netstack::Page> page = netstack::ParsePage(text, "fuzz");
  if (page) return page->size() == 0 ? std::abort(), 0 : 0;
  if (page.error().what.empty()) std::abort();
  for (const char c : page.error().Describe()) {
    if (c >= 0 && c < ' ') std::abort();
  }
  return 0;
}
