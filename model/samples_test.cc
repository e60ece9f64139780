#include "model/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace netstack {
namespace {

using testing::ElementsAre;

constexpr auto kTable = std::to_array<Family>({
    {.name = "netstack_a_total", .type = MetricType::kCounter, .labels = {"cpu"}, .help = "A."},
    {.name = "netstack_b", .labels = {"device", "queue"}, .help = "B."},
    {.name = "netstack_h", .type = MetricType::kHistogram, .help = "H."},
});

std::vector<std::string> Render(const Samples& samples, std::size_t index) {
  std::vector<std::string> out;
  samples.ForEach(index, [&](const Samples::View& view) {
    std::string text;
    view.ForEachLabel(
        [&](std::size_t, std::string_view value) { text += std::string(value) + "|"; });
    out.push_back(text + std::to_string(view.value().integer));
  });
  return out;
}

TEST(Samples, GroupsByFamilyInTheOrderAdded) {
  Samples samples(kTable);
  samples.Add(kTable[0], {"0"}, std::uint64_t{1});
  samples.Add(kTable[1], {"eth0", "3"}, std::uint64_t{2});
  samples.Add(kTable[0], {"1"}, std::uint64_t{3});
  EXPECT_THAT(Render(samples, 0), ElementsAre("0|1", "1|3"));
  EXPECT_THAT(Render(samples, 1), ElementsAre("eth0|3|2"));
  EXPECT_FALSE(samples.Has(2));
}

TEST(Samples, GivesLabelsByPosition) {
  Samples samples(kTable);
  samples.Add(kTable[1], {"eth0", std::string_view()}, std::uint64_t{2});
  samples.ForEach(1, [](const Samples::View& view) {
    EXPECT_EQ(view.Label(0), "eth0");
    EXPECT_EQ(view.Label(1), "");
  });
}

TEST(Samples, ClearForgetsSamplesAndCounts) {
  Samples samples(kTable, 1);
  samples.Add(kTable[0], {"0"}, std::uint64_t{1});
  samples.Add(kTable[0], {"1"}, std::uint64_t{1});
  EXPECT_EQ(samples.suppressed(), 1u);
  samples.Clear();
  EXPECT_EQ(samples.size(), 0u);
  EXPECT_EQ(samples.suppressed(), 0u);
  EXPECT_FALSE(samples.Has(0));
}

TEST(Samples, ShowsNoMoreThanItsMaximumButKeepsTheRestForTheLedger) {
  Samples samples(kTable, 2);
  samples.Add(kTable[0], {"0"}, std::uint64_t{1}, Visibility::kHidden);
  samples.Add(kTable[0], {"1"}, std::uint64_t{2});
  samples.Add(kTable[0], {"2"}, std::uint64_t{3}, Visibility::kOffPath);
  samples.Add(kTable[0], {"3"}, std::uint64_t{4});
  samples.Add(kTable[0], {"4"}, std::uint64_t{5}, Visibility::kHidden);
  EXPECT_THAT(Render(samples, 0), ElementsAre("0|1", "1|2", "2|3", "4|5"));
  std::vector<std::uint64_t> all;
  samples.ForEachEvenCut(0,
                         [&](const Samples::View& view) { all.push_back(view.value().integer); });
  EXPECT_THAT(all, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(samples.suppressed(), 1u) << "a hidden sample is no series";
  EXPECT_EQ(samples.size(), 4u);
}

TEST(Samples, DropsAndCountsWhatWasNotDeclared) {
  constexpr Family kStranger = {.name = "netstack_c", .help = "C."};
  Samples samples(kTable);
  samples.Add(kStranger, {}, std::uint64_t{1});
  samples.Add(kTable[0], {"0", "too many"}, std::uint64_t{1});
  EXPECT_EQ(samples.size(), 0u);
  EXPECT_EQ(samples.undeclared(), 2u);
}

TEST(Samples, KeepsHistogramPartsWithTheBoundLast) {
  Samples samples(kTable);
  samples.AddBucket(kTable[2], {}, "0.5", std::uint64_t{4});
  samples.AddSum(kTable[2], {}, 1.5);
  samples.AddCount(kTable[2], {}, std::uint64_t{4});
  std::vector<Part> parts;
  samples.ForEach(2, [&](const Samples::View& view) { parts.push_back(view.part()); });
  EXPECT_THAT(parts, ElementsAre(Part::kBucket, Part::kSum, Part::kCount));
  EXPECT_THAT(Render(samples, 2)[0], "0.5|4");
}

TEST(Samples, CutsAbsurdlyLongLabels) {
  Samples samples(kTable);
  samples.Add(kTable[0], {std::string(100000, 'x')}, std::uint64_t{1});
  samples.ForEach(0, [](const Samples::View& view) { EXPECT_EQ(view.Label(0).size(), 1024u); });
}

}  // namespace
}  // namespace netstack
