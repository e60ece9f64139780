// Our text writer against prometheus-cpp's, over the same samples.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "exporter/embed/metric_families.h"
#include "exporter/exposition/table_writer.h"
#include "tests/oracle/catalog_page.h"
#include "tests/oracle/random_families.h"
#include "tests/oracle/text_page.h"

namespace netstack {
namespace {

using testing::HasSubstr;

std::string OurText(const Samples& samples) {
  std::string page;
  TableWriter(samples.families(), PageFormat::kText).Append(samples, page);
  return page;
}

std::string TheirText(const Samples& samples) {
  std::vector<prometheus::MetricFamily> families;
  AppendMetricFamilies(samples, families);
  return prometheus::TextSerializer().Serialize(families);
}

// prometheus-cpp prints 16 digits, so that is what values can be compared by.
std::map<std::string, std::string> InSixteenDigits(const std::map<std::string, double>& samples) {
  std::map<std::string, std::string> rounded;
  for (const auto& [key, value] : samples) {
    std::array<char, 40> text;
    std::snprintf(text.data(), text.size(), "%.16g", std::isnan(value) ? std::abs(value) : value);
    rounded[key] = text.data();
  }
  return rounded;
}

void ExpectTheSamePage(const Samples& samples) {
  const TextPage ours = ParseTextPage(OurText(samples));
  const TextPage theirs = ParseTextPage(TheirText(samples), {.any_nan = true});
  ASSERT_EQ(ours.fault, "");
  ASSERT_EQ(theirs.fault, "");
  EXPECT_EQ(InSixteenDigits(ours.samples), InSixteenDigits(theirs.samples));
  EXPECT_EQ(ours.families, theirs.families);
}

TEST(Oracle, AgreesOnFiveHundredFamiliesWithHostileLabels) {
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    RandomFamilies source(seed, 500);
    Samples samples(source.families());
    source.Fill(samples);
    ASSERT_GT(samples.size(), 1000u);
    ExpectTheSamePage(samples);
  }
}

TEST(Oracle, AgreesOnEveryFamilyThatCollectorsDeclare) {
  const CatalogPage catalog;
  for (const Samples& samples : catalog.tables()) ExpectTheSamePage(samples);
}

// From here: where prometheus-cpp 1.0 is known to write otherwise, and why the page's writer is
// ours. A test that fails after an upgrade says that a reason has gone.
constexpr auto kTable = std::to_array<Family>({
    {.name = "netstack_x_ratio", .help = "One\nand # TYPE two."},
    {.name = "netstack_y_total", .type = MetricType::kCounter, .help = "Y."},
    {.name = "netstack_z_bytes", .type = MetricType::kHistogram, .help = "Z."},
});

TEST(KnownDifference, PrometheusCppDoesNotEscapeHelp) {
  Samples samples(kTable);
  samples.Add(kTable[0], {}, 0.5);
  EXPECT_NE(ParseTextPage(TheirText(samples)).fault, "");
  EXPECT_EQ(ParseTextPage(OurText(samples)).families.at("netstack_x_ratio").help, kTable[0].help);
}

TEST(KnownDifference, PrometheusCppPrintsSixteenDigits) {
  Samples samples(kTable);
  samples.Add(kTable[1], {}, (std::uint64_t{1} << 60) + 1);
  EXPECT_THAT(OurText(samples), HasSubstr("netstack_y_total 1152921504606846977\n"));
  EXPECT_THAT(TheirText(samples), HasSubstr("netstack_y_total 1.152921504606847e+18\n"));
}

TEST(KnownDifference, PrometheusCppSpellsNaNOtherwise) {
  Samples samples(kTable);
  samples.Add(kTable[1], {}, std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(OurText(samples), HasSubstr("netstack_y_total NaN\n"));
  EXPECT_THAT(TheirText(samples), HasSubstr("netstack_y_total Nan\n"));
}

TEST(KnownDifference, PrometheusCppSpellsWholeBoundsAsIntegers) {
  Samples samples(kTable);
  samples.AddBucket(kTable[2], {}, "1", std::uint64_t{1});
  samples.AddBucket(kTable[2], {}, "+Inf", std::uint64_t{1});
  EXPECT_THAT(OurText(samples), HasSubstr("netstack_z_bytes_bucket{le=\"1.0\"} 1\n"));
  EXPECT_THAT(TheirText(samples), HasSubstr("netstack_z_bytes_bucket{le=\"1\"} 1\n"));
}

TEST(TextPage, RefusesWhatTheFormatForbids) {
  const std::string head = "# HELP a A.\n# TYPE a gauge\n";
  EXPECT_EQ(ParseTextPage(head + "a 1\n").fault, "");
  for (const std::string bad :
       {"a 1", "a 1\na 2\n", "b 1\n", "a{x=\"1\",} 1\n", "a{x=\"1\"}1\n", "a{x=\"\\t\"} 1\n",
        "a{x=\"\xFF\"} 1\n", "a{x=\"\"} 1\n", "a{x=\"1\",x=\"2\"} 1\n", "a Nan\n", "a 0x1\n",
        "a 1 \n", "\n", "a 1\n# TYPE b gauge\nb 1\na{x=\"1\"} 1\n", "a 1\n# HELP a A.\n"}) {
    EXPECT_NE(ParseTextPage(head + bad).fault, "") << bad;
  }
}

}  // namespace
}  // namespace netstack
