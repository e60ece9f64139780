// Prints a page for parsers and linters that are not ours: print_page text|openmetrics WHAT
// WHAT is `catalog` (every family there is) or a number, the seed of 500 random families.
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "exporter/exposition/table_writer.h"
#include "tests/oracle/catalog_page.h"
#include "tests/oracle/random_families.h"

namespace netstack {
namespace {

void Append(const Samples& samples, PageFormat format, std::string& page) {
  TableWriter(samples.families(), format).Append(samples, page);
}

std::string PageOf(const std::string& what, PageFormat format) {
  std::string page;
  if (what == "catalog") {
    const CatalogPage catalog;
    for (const Samples& samples : catalog.tables()) Append(samples, format, page);
  } else {
    RandomFamilies source(static_cast<std::uint32_t>(std::atoi(what.c_str())), 500);
    Samples samples(source.families());
    source.Fill(samples);
    Append(samples, format, page);
  }
  page += PageEnd(format);
  return page;
}

}  // namespace
}  // namespace netstack

int main(int argc, char** argv) {
  using netstack::PageFormat;
  const std::string_view word = argc == 3 ? argv[1] : "";
  if (word != "text" && word != "openmetrics") {
    std::cerr << "usage: print_page text|openmetrics catalog|SEED\n";
    return 2;
  }
  const PageFormat format = word == "text" ? PageFormat::kText : PageFormat::kOpenMetrics;
  std::cout << netstack::PageOf(argv[2], format);
  return 0;
}
