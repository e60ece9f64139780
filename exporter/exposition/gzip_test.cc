#include "exporter/exposition/gzip.h"

#include <gtest/gtest.h>

#include <string>

#include "exporter/exposition/inflate.h"

namespace netstack {
namespace {

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
