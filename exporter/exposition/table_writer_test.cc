#include "exporter/exposition/table_writer.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

namespace netstack {
namespace {

constexpr auto kTable = std::to_array<Family>({
    {.name = "netstack_a_total",
     .type = MetricType::kCounter,
     .labels = {"cpu", "device"},
     .help = "A \"quoted\" back\\slash\nand line."},
    {.name = "netstack_b_bytes", .help = "B."},
    {.name = "netstack_c_info", .type = MetricType::kInfo, .labels = {"version"}, .help = "C."},
    {.name = "netstack_d_seconds",
     .type = MetricType::kHistogram,
     .labels = {"stage"},
     .help = "D."},
    {.name = "netstack_e_bytes",
     .type = MetricType::kGaugeHistogram,
     .labels = {"queue"},
     .help = "E."},
});

std::string Page(const Samples& samples, PageFormat format) {
  std::string page;
  TableWriter(kTable, format).Append(samples, page);
  return page;
}

class TableWriterTest : public testing::Test {
 protected:
  void AddDistribution(const Family& family, std::string_view label) {
    const std::array labels = {label};
    samples_.AddBucket(family, labels, "1", std::uint64_t{4});
    samples_.AddBucket(family, labels, "+Inf", std::uint64_t{5});
    samples_.AddSum(family, labels, 7.5);
    samples_.AddCount(family, labels, std::uint64_t{5});
  }
  Samples samples_{kTable};
};

TEST_F(TableWriterTest, WritesCountersInText) {
  samples_.Add(kTable[0], {"0", "eth0"}, UINT64_MAX);
  samples_.Add(kTable[0], {"1", "a\"b\xFF"}, std::uint64_t{2});
  EXPECT_EQ(Page(samples_, PageFormat::kText),
            "# HELP netstack_a_total A \"quoted\" back\\\\slash\\nand line.\n"
            "# TYPE netstack_a_total counter\n"
            "netstack_a_total{cpu=\"0\",device=\"eth0\"} 18446744073709551615\n"
            "netstack_a_total{cpu=\"1\",device=\"a\\\"b\uFFFD\"} 2\n");
}

TEST_F(TableWriterTest, WritesCountersInOpenMetrics) {
  samples_.Add(kTable[0], {"0", "eth0"}, std::uint64_t{1});
  EXPECT_EQ(Page(samples_, PageFormat::kOpenMetrics),
            "# HELP netstack_a A \\\"quoted\\\" back\\\\slash\\nand line.\n"
            "# TYPE netstack_a counter\n"
            "netstack_a_total{cpu=\"0\",device=\"eth0\"} 1\n");
}

TEST_F(TableWriterTest, LeavesOutLabelsThatDoNotApply) {
  samples_.Add(kTable[0], {"", "eth0"}, std::uint64_t{1});
  samples_.Add(kTable[0], {"0", ""}, std::uint64_t{2});
  samples_.Add(kTable[0], {"", ""}, std::uint64_t{3});
  const std::string page = Page(samples_, PageFormat::kText);
  EXPECT_EQ(page.substr(page.find("netstack_a_total{")),
            "netstack_a_total{device=\"eth0\"} 1\n"
            "netstack_a_total{cpu=\"0\"} 2\n"
            "netstack_a_total 3\n");
}

TEST_F(TableWriterTest, PrintsOnlyFamiliesWithAVisibleSample) {
  samples_.Add(kTable[0], {"0", "veth1"}, std::uint64_t{1}, Visibility::kHidden);
  samples_.Add(kTable[1], {}, 0.5, Visibility::kOffPath);
  EXPECT_EQ(Page(samples_, PageFormat::kText),
            "# HELP netstack_b_bytes B.\n# TYPE netstack_b_bytes gauge\nnetstack_b_bytes 0.5\n");
  EXPECT_EQ(Page(samples_, PageFormat::kOpenMetrics),
            "# HELP netstack_b_bytes B.\n# TYPE netstack_b_bytes gauge\n"
            "# UNIT netstack_b_bytes bytes\nnetstack_b_bytes 0.5\n");
}

TEST_F(TableWriterTest, SkipsHiddenSamplesAmongVisibleOnes) {
  samples_.Add(kTable[0], {"0", "veth1"}, std::uint64_t{1}, Visibility::kHidden);
  samples_.Add(kTable[0], {"0", "eth0"}, std::uint64_t{2});
  samples_.Add(kTable[0], {"0", "veth2"}, std::uint64_t{3}, Visibility::kHidden);
  const std::string page = Page(samples_, PageFormat::kText);
  EXPECT_EQ(page.substr(page.find("netstack_a_total{")),
            "netstack_a_total{cpu=\"0\",device=\"eth0\"} 2\n");
}

TEST_F(TableWriterTest, WritesInfo) {
  samples_.Add(kTable[2], {"1.0"}, std::uint64_t{1});
  EXPECT_EQ(Page(samples_, PageFormat::kText),
            "# HELP netstack_c_info C.\n# TYPE netstack_c_info gauge\n"
            "netstack_c_info{version=\"1.0\"} 1\n");
  EXPECT_EQ(Page(samples_, PageFormat::kOpenMetrics),
            "# HELP netstack_c C.\n# TYPE netstack_c info\nnetstack_c_info{version=\"1.0\"} 1\n");
}

TEST_F(TableWriterTest, WritesHistograms) {
  AddDistribution(kTable[3], "qdisc");
  const std::string lines =
      "netstack_d_seconds_bucket{stage=\"qdisc\",le=\"1.0\"} 4\n"
      "netstack_d_seconds_bucket{stage=\"qdisc\",le=\"+Inf\"} 5\n"
      "netstack_d_seconds_sum{stage=\"qdisc\"} 7.5\n"
      "netstack_d_seconds_count{stage=\"qdisc\"} 5\n";
  EXPECT_EQ(Page(samples_, PageFormat::kText),
            "# HELP netstack_d_seconds D.\n# TYPE netstack_d_seconds histogram\n" + lines);
  EXPECT_EQ(Page(samples_, PageFormat::kOpenMetrics),
            "# HELP netstack_d_seconds D.\n# TYPE netstack_d_seconds histogram\n"
            "# UNIT netstack_d_seconds seconds\n" +
                lines);
}

TEST_F(TableWriterTest, WritesHistogramsWithoutLabels) {
  samples_.AddBucket(kTable[3], std::array<std::string_view, 1>{""}, "0.5", std::uint64_t{1});
  const std::string page = Page(samples_, PageFormat::kText);
  EXPECT_TRUE(page.ends_with("\nnetstack_d_seconds_bucket{le=\"0.5\"} 1\n")) << page;
}

TEST_F(TableWriterTest, WritesGaugeHistogramsInOpenMetrics) {
  AddDistribution(kTable[4], "rx");
  AddDistribution(kTable[4], "tx");
  const auto lines = [](const std::string& queue) {
    return "netstack_e_bytes_bucket{queue=\"" + queue + "\",le=\"1.0\"} 4\n" +
           "netstack_e_bytes_bucket{queue=\"" + queue + "\",le=\"+Inf\"} 5\n" +
           "netstack_e_bytes_gsum{queue=\"" + queue + "\"} 7.5\n" +
           "netstack_e_bytes_gcount{queue=\"" + queue + "\"} 5\n";
  };
  EXPECT_EQ(Page(samples_, PageFormat::kOpenMetrics),
            "# HELP netstack_e_bytes E.\n# TYPE netstack_e_bytes gaugehistogram\n"
            "# UNIT netstack_e_bytes bytes\n" +
                lines("rx") + lines("tx"));
}

TEST_F(TableWriterTest, WritesGaugeHistogramsInTextAsFamiliesOfTheirOwn) {
  AddDistribution(kTable[4], "rx");
  AddDistribution(kTable[4], "tx");
  EXPECT_EQ(Page(samples_, PageFormat::kText),
            "# HELP netstack_e_bytes_bucket E.\n# TYPE netstack_e_bytes_bucket untyped\n"
            "netstack_e_bytes_bucket{queue=\"rx\",le=\"1.0\"} 4\n"
            "netstack_e_bytes_bucket{queue=\"rx\",le=\"+Inf\"} 5\n"
            "netstack_e_bytes_bucket{queue=\"tx\",le=\"1.0\"} 4\n"
            "netstack_e_bytes_bucket{queue=\"tx\",le=\"+Inf\"} 5\n"
            "# HELP netstack_e_bytes_gsum E.\n# TYPE netstack_e_bytes_gsum gauge\n"
            "netstack_e_bytes_gsum{queue=\"rx\"} 7.5\n"
            "netstack_e_bytes_gsum{queue=\"tx\"} 7.5\n"
            "# HELP netstack_e_bytes_gcount E.\n# TYPE netstack_e_bytes_gcount gauge\n"
            "netstack_e_bytes_gcount{queue=\"rx\"} 5\n"
            "netstack_e_bytes_gcount{queue=\"tx\"} 5\n");
}

TEST_F(TableWriterTest, WritesOneFamilyAlone) {
  samples_.Add(kTable[0], {"0", "eth0"}, std::uint64_t{1});
  samples_.Add(kTable[1], {}, std::uint64_t{7});
  std::string page = "before\n";
  TableWriter(kTable, PageFormat::kText).AppendFamily(samples_, 1, page);
  EXPECT_EQ(page,
            "before\n# HELP netstack_b_bytes B.\n# TYPE netstack_b_bytes gauge\n"
            "netstack_b_bytes 7\n");
}

TEST_F(TableWriterTest, WritesLinesLongerThanAnyBuffer) {
  const std::string longest(1024, '\xFF');  // Each byte becomes three.
  const std::string plain(1024, 'x');
  for (int i = 0; i < 5; ++i) samples_.Add(kTable[0], {longest, plain}, std::uint64_t{1});
  std::string replaced;
  for (std::size_t i = 0; i < longest.size(); ++i) replaced += "\uFFFD";
  const std::string line =
      "netstack_a_total{cpu=\"" + replaced + "\",device=\"" + plain + "\"} 1\n";
  const std::string page = Page(samples_, PageFormat::kText);
  EXPECT_EQ(page.substr(page.find("netstack_a_total{")), line + line + line + line + line);
}

TEST_F(TableWriterTest, IgnoresPartsThatTheTypeDoesNotHave) {
  samples_.AddSum(kTable[1], {}, 1.0);
  samples_.Add(kTable[3], {"x"}, 1.0);
  EXPECT_EQ(Page(samples_, PageFormat::kText), "");
  EXPECT_EQ(Page(samples_, PageFormat::kOpenMetrics), "");
}

TEST(TableWriter, KeepsNamesakesApartInOpenMetrics) {
  constexpr auto kNamesakes = std::to_array<Family>({
      {.name = "netstack_x", .help = "X."},
      {.name = "netstack_x_info", .type = MetricType::kInfo, .help = "Words."},
      {.name = "netstack_y_bytes", .help = "Y."},
      {.name = "netstack_y_bytes_total", .type = MetricType::kCounter, .help = "All."},
  });
  Samples samples(kNamesakes);
  for (const Family& family : kNamesakes) samples.Add(family, {}, std::uint64_t{1});
  std::string page;
  TableWriter(kNamesakes, PageFormat::kOpenMetrics).Append(samples, page);
  EXPECT_EQ(page,
            "# HELP netstack_x X.\n# TYPE netstack_x gauge\nnetstack_x 1\n"
            "# HELP netstack_x_info Words.\n# TYPE netstack_x_info gauge\nnetstack_x_info 1\n"
            "# HELP netstack_y_bytes Y.\n# TYPE netstack_y_bytes gauge\n"
            "# UNIT netstack_y_bytes bytes\nnetstack_y_bytes 1\n"
            "# HELP netstack_y_bytes_total All.\n# TYPE netstack_y_bytes_total unknown\n"
            "netstack_y_bytes_total 1\n");
}

}  // namespace
}  // namespace netstack
