#include "exporter/exposition/page_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netstack {
namespace {

using testing::ElementsAre;

std::vector<std::string> Texts(const PageShape& shape) {
  std::vector<std::string> texts;
  for (const PageShape::Segment& segment : shape.segments()) {
    texts.push_back(shape.page().substr(segment.begin, segment.size));
  }
  return texts;
}

TEST(PageShape, IsWhatStandsBetweenTheNumbers) {
  PageShape shape;
  shape.Learn("# HELP a 1\na{b=\"x 2\"} 10\na 7\n# EOF\n");
  EXPECT_THAT(Texts(shape), ElementsAre("# HELP a 1\na{b=\"x 2\"} ", "\na ", "\n# EOF\n"));
  EXPECT_THAT(shape.starts(), ElementsAre(0, 24, 28));
}

TEST(PageShape, FitsPagesThatDifferInNumbersOnly) {
  PageShape shape;
  shape.Learn("a 1\nb 2\n");
  EXPECT_TRUE(shape.Fits("a 12345\nb NaN\n"));
  EXPECT_THAT(shape.starts(), ElementsAre(0, 7, 13));
  for (const std::string_view other : {"", "a", "a 1", "a 1\n", "a 1\nb 2", "a 1\nb 2\n\n",
                                       "a 1\nc 2\n", "a 1\nb 2\nc 3\n", "# a 1\nb 2\n"}) {
    EXPECT_FALSE(shape.Fits(other)) << other;
  }
}

TEST(PageShape, FitsNothingBeforeItLearnt) {
  PageShape shape;
  EXPECT_FALSE(shape.Fits(""));
  shape.Learn("");
  EXPECT_TRUE(shape.Fits(""));
}

}  // namespace
}  // namespace netstack
