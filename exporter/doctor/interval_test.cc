#include "exporter/doctor/interval.h"

#include <gtest/gtest.h>

#include "exporter/doctor/testing_pages.h"

namespace netstack {
namespace {

using testing::PagePair;

constexpr double kTwoTo32 = 4294967296.0;

TEST(RiseOf, AllowsForWrapsAndRestarts) {
  EXPECT_EQ(RiseOf(5, 7, false), 2);
  EXPECT_EQ(RiseOf(7, 5, false), 5);
  EXPECT_EQ(RiseOf(kTwoTo32 - 3, 5, true), 8);
  EXPECT_EQ(RiseOf(kTwoTo32 - 3, 5, false), 5);
  EXPECT_EQ(RiseOf(100, 5, true), 5);
}

TEST(Interval, FindsSeriesByTheLabelsAsked) {
  const PagePair pages({{"a{x=\"1\"}", 1, 4}, {"a{x=\"2\"}", 1, 2}, {"a{x=\"2\",y=\"3\"}", 0, 9}});
  const Interval interval = pages.Apart(10);
  EXPECT_EQ(interval.Find({"a"}).size(), 3U);
  ASSERT_EQ(interval.Find({"a", {{{"x", "1"}}}}).size(), 1U);
  EXPECT_EQ(interval.Find({"a", {{{"x", "1"}}}})[0].rise, 3);
  // No value means no such label.
  ASSERT_EQ(interval.Find({"a", {{{"x", "2"}, {"y", ""}}}}).size(), 1U);
  EXPECT_EQ(interval.Find({"a", {{{"x", "2"}, {"y", ""}}}})[0].now, 2);
  Facts facts;
  facts.Set("which", std::string_view("3"));
  ASSERT_EQ(interval.Find({"a", {{{"y", "{which}"}}}}, facts).size(), 1U);
  EXPECT_TRUE(interval.Find({"a", {{{"y", "{other}"}}}}, facts).empty());
}

TEST(Interval, LeavesOtherNamespacesAloneUnlessAsked) {
  const PagePair pages({{"a_total{x=\"1\"}", 1, 4}, {"a_total{x=\"1\",netns=\"web\"}", 1, 100}});
  const Interval interval = pages.Apart(10);
  ASSERT_EQ(interval.Find({"a_total"}).size(), 1U);
  EXPECT_EQ(interval.Find({"a_total"})[0].rise, 3);
  ASSERT_EQ(interval.Find({"a_total", {{{"netns", "web"}}}}).size(), 1U);
  EXPECT_EQ(interval.Find({"a_total", {{{"netns", "web"}}}})[0].rise, 99);
}

TEST(Interval, KnowsCountersOf32Bits) {
  const PagePair pages({{"netstack_softnet_dropped_total{cpu=\"0\"}", kTwoTo32 - 10, 5},
                        {"netstack_ip_in_receives_total", kTwoTo32 - 10, 5}});
  const Interval interval = pages.Apart(10);
  EXPECT_EQ(interval.Find({"netstack_softnet_dropped_total"})[0].rise, 15);
  EXPECT_EQ(interval.Find({"netstack_ip_in_receives_total"})[0].rise, 5);
}

TEST(Interval, CountsANewMemberFromZeroUnlessItMayHaveBeenThere) {
  const Page first = *ParsePage("a_total{port=\"1\"} 3\nd_total{device=\"x\"} 1\n", "first");
  const Page second = *ParsePage(
      "a_total{port=\"1\"} 3\na_total{port=\"2\"} 4\nd_total{device=\"x\"} 1\n"
      "d_total{device=\"y\"} 1000\nn_total 7\n",
      "second");
  const Interval interval(first, second, 10);
  EXPECT_EQ(interval.Find({"a_total", {{{"port", "2"}}}})[0].rise, 4);
  EXPECT_EQ(interval.Find({"d_total", {{{"device", "y"}}}})[0].rise, 0);
  EXPECT_EQ(interval.Find({"n_total"})[0].rise, 0);
}

TEST(Facts, FillTheirNamesInAndLeaveOtherBraces) {
  Facts facts;
  facts.Set("now", 1000.0);
  facts.Set("device", std::string_view("eth0"));
  facts.Set("none", std::string_view());
  EXPECT_EQ(facts.FillIn("{device}: {now}, {other}{none}. a{x=\"{device}\"} {} {"),
            "eth0: 1000, ?. a{x=\"eth0\"} {} {");
}

TEST(ShortNumber, ShowsWholeNumbersInFull) {
  EXPECT_EQ(ShortNumber(0), "0");
  EXPECT_EQ(ShortNumber(4194304), "4194304");
  EXPECT_EQ(ShortNumber(22.34), "22.3");
  EXPECT_EQ(ShortNumber(12345.6), "12346");
  EXPECT_EQ(ShortNumber(0.0123), "0.0123");
}

}  // namespace
}  // namespace netstack
