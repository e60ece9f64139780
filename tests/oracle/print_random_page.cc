// Prints a page of random families with hostile labels, for parsers that are not ours:
// print_random_page text|openmetrics [SEED]
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "exporter/exposition/table_writer.h"
#include "tests/oracle/random_families.h"

int main(int argc, char** argv) {
  using netstack::PageFormat;
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word != "text" && word != "openmetrics") {
    std::cerr << "usage: print_random_page text|openmetrics [SEED]\n";
    return 2;
  }
  const PageFormat format = word == "text" ? PageFormat::kText : PageFormat::kOpenMetrics;
  const unsigned long seed = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1;
  netstack::RandomFamilies source(static_cast<std::uint32_t>(seed), 500);
  netstack::Samples samples(source.families());
  source.Fill(samples);
  std::string page;
  netstack::TableWriter(source.families(), format).Append(samples, page);
  std::cout << page << netstack::PageEnd(format);
  return 0;
}
