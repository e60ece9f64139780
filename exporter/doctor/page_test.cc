#include "exporter/doctor/page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>

namespace netstack {
namespace {

std::string ErrorOf(std::string_view text) {
  const Result<Page> page = ParsePage(text, "p");
  return page ? "no error" : page.error().Describe();
}

TEST(ParsePage, ReadsSeriesOfTheTextFormat) {
  const auto page = ParsePage(
      "# HELP a_total Some \\ text.\n# TYPE a_total counter\na_total 5\n"
      "a_total{x=\"1\",b=\"\",a=\"q\\\"\\\\\\n\"} 1.5e3 123\n\n# just so\nb:c{} +Inf\nd NaN\n",
      "p");
  ASSERT_TRUE(page) << page.error().Describe();
  EXPECT_EQ(page->size(), 4U);
  ASSERT_EQ(page->Find("a_total").size(), 2U);
  EXPECT_EQ(page->Find("a_total")[0].value, 5);
  const PageSeries& series = page->Find("a_total")[1];
  EXPECT_EQ(series.labels, (std::vector<PageLabel>{{"a", "q\"\\\n"}, {"x", "1"}}));
  EXPECT_EQ(series.value, 1500);
  EXPECT_TRUE(std::isinf(page->Find("b:c")[0].value));
  EXPECT_TRUE(std::isnan(page->Find("d")[0].value));
  EXPECT_TRUE(page->Find("e").empty());
}

TEST(ParsePage, ReadsPagesOfThisExporter) {
  for (const std::string name : {"linux-6.18.txt", "linux-7.3.openmetrics.txt"}) {
    std::ifstream file(NETSTACK_SOURCE_DIR "/tests/golden/" + name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto page = ParsePage(text, name);
    ASSERT_TRUE(page) << page.error().Describe();
    EXPECT_GT(page->size(), 500U);
    EXPECT_EQ(page->Find("netstack_stage_info").size(), 23U);
  }
}

TEST(ParsePage, NamesTheFirstFaultWithLineAndColumn) {
  EXPECT_EQ(ErrorOf("a 1\nb{x=\"1\" 2\n"),
            "p line 2 column 8: neither , nor } behind a label: ' 2'");
  EXPECT_EQ(ErrorOf("a 1\n2b 1\n"), "p line 2 column 1: not a metric: '2b'");
  EXPECT_EQ(ErrorOf("a{1=\"\"} 1\n"), "p line 1 column 3: not a label: '1=\"\"}'");
  EXPECT_EQ(ErrorOf("a{x} 1\n"), "p line 1 column 4: no = behind a label's name: '}'");
  EXPECT_EQ(ErrorOf("a{x=1} 1\n"), "p line 1 column 5: not a quoted value: '1}'");
  EXPECT_EQ(ErrorOf("a{x=\"\\t\"} 1\n"), "p line 1 column 6: not a quoted value: '\\t\"}'");
  EXPECT_EQ(ErrorOf("a{x=\"1\",x=\"2\"} 1\n"),
            "p line 1 column 9: a label for the second time: 'x=\"2\"}'");
  EXPECT_EQ(ErrorOf("a{x=\"1\"}1\n"), "p line 1 column 9: no blank before the value: '1'");
  EXPECT_EQ(ErrorOf("a one\n"), "p line 1 column 3: not a value: 'one'");
  EXPECT_EQ(ErrorOf("a inf\n"), "p line 1 column 3: not a value: 'inf'");
  EXPECT_EQ(ErrorOf("a 0x10\n"), "p line 1 column 3: not a value: '0x10'");
  EXPECT_EQ(ErrorOf("a 1 now\n"), "p line 1 column 5: not a time at the end of the line: 'now'");
  EXPECT_EQ(ErrorOf("a_total -1\n"), "p line 1 column 9: a counter below zero: '-1'");
  EXPECT_EQ(ErrorOf("a_total NaN\n"), "p line 1 column 9: a counter below zero: 'NaN'");
  EXPECT_EQ(ErrorOf("# TYPE a counter\na -1\n"), "p line 2 column 3: a counter below zero: '-1'");
  EXPECT_EQ(ErrorOf("# TYPE a thing\n"), "p line 1 column 10: not a type: 'thing'");
  EXPECT_EQ(ErrorOf("# TYPE a gauge\n# TYPE a gauge\n"),
            "p line 2 column 10: a second type of the same metric: 'gauge'");
  EXPECT_EQ(ErrorOf("a{x=\"1\"} 1\na{y=\"\",x=\"1\"} 2\n"),
            "p line 2 column 1: a series for the second time: 'a{y=\"\",x=\"1\"}'");
}

TEST(ParsePage, RefusesWhatIsCutOffOrEmpty) {
  EXPECT_EQ(ErrorOf("a 1\nb 2"),
            "p line 2 column 4: the page is cut off: its last line has no end: 'b 2'");
  EXPECT_EQ(ErrorOf(""), "p: holds no metrics");
  EXPECT_EQ(ErrorOf("# EOF\n"), "p: holds no metrics");
}

TEST(ParsePage, IsStricterWithOpenMetrics) {
  EXPECT_EQ(ErrorOf("a 1\n# EOF\n"), "no error");
  EXPECT_EQ(ErrorOf("a 1\n\n# EOF\n"),
            "p line 2 column 1: an empty line, which OpenMetrics does not have");
  EXPECT_EQ(ErrorOf("# free\na 1\n# EOF\n"),
            "p line 1 column 1: a comment that OpenMetrics does not have: '#'");
  EXPECT_EQ(ErrorOf("a 1\n# EOF\nb 1\n"),
            "p line 2 column 1: more lines after the end of the page: '#'");
}

}  // namespace
}  // namespace netstack
