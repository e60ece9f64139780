#include "exporter/exposition/page_gzip.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "exporter/exposition/inflate.h"

namespace netstack {
namespace {

// A page of `families` families; the numbers have up to `digits` digits.
std::string Page(int families, int digits, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string page;
  for (int i = 0; i < families; ++i) {
    const std::string name = "netstack_family_" + std::to_string(i * 7919) + "_total";
    page += "# HELP " + name + " Packets dropped because of reason \xC3\xBC" +
            std::to_string(i % 13) + ".\n# TYPE " + name + " counter\n";
    for (int cpu = 0; cpu < 3; ++cpu) {
      page += name + "{cpu=\"" + std::to_string(cpu) + "\"} ";
      for (auto digit = random() % static_cast<unsigned>(digits) + 1; digit > 0; --digit) {
        page += static_cast<char>('0' + random() % 10);
      }
      page += '\n';
    }
  }
  return page;
}

void ExpectInflates(PageGzip& gzip, const std::string& page) {
  EXPECT_EQ(Inflate(gzip.Compress(page), page.size()), page);
}

TEST(PageGzip, GivesPagesOfOneShapeThatZlibReads) {
  PageGzip gzip;
  for (std::uint32_t round = 0; round < 20; ++round) ExpectInflates(gzip, Page(500, 18, round));
}

TEST(PageGzip, FollowsSingleNumbersThatGetLongerAndShorter) {
  PageGzip gzip;
  std::mt19937 random(1);
  std::string page = Page(200, 9, 1);
  for (int round = 0; round < 100; ++round) {
    ExpectInflates(gzip, page);
    const std::size_t end = page.find('\n', page.find("} ", random() % (page.size() - 100)));
    if (random() % 2 == 0) {
      page.insert(end, "7");
    } else if (page[end - 2] != ' ') {
      page.erase(end - 1, 1);
    }
  }
}

TEST(PageGzip, FollowsChangesOfShape) {
  PageGzip gzip;
  for (std::uint32_t round = 0; round < 40; ++round) {
    ExpectInflates(gzip, Page(round < 15 ? 200 : 201, 18, round));
    if (round % 19 == 18) ExpectInflates(gzip, Page(3, 5, round));
  }
}

TEST(PageGzip, ReachesNoFartherThanTheFormatAllows) {
  PageGzip gzip;
  ExpectInflates(gzip, Page(800, 1, 1));
  ExpectInflates(gzip, Page(800, 300, 2));  // Every distance has grown a lot.
  ExpectInflates(gzip, Page(800, 1, 3));
}

TEST(PageGzip, TakesAnyTextForAPage) {
  PageGzip gzip;
  std::string bytes;
  for (unsigned i = 0; i < 100000; ++i) bytes += static_cast<char>(i * i % 251);
  for (const std::string& page :
       {std::string(), std::string("x"), std::string("\n"), std::string("a 1"),
        std::string("a 1\n"), std::string(100000, 'x'), std::string(100000, '\n'), bytes}) {
    PageGzip fresh;
    for (int i = 0; i < 3; ++i) ExpectInflates(fresh, page);
    for (int i = 0; i < 12; ++i) ExpectInflates(gzip, page);
  }
}

TEST(PageGzip, IsNearlyAsSmallAsGzip) {
  PageGzip gzip;
  const std::string page = Page(500, 9, 1);
  const std::size_t plain = Gzip().Compress(page).size();
  EXPECT_LT(gzip.Compress(page).size(), plain + plain / 2);
}

}  // namespace
}  // namespace netstack
