#include "exporter/page/shared_families.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>

#include "collectors/catalog.h"
#include "collectors/shared_families.h"
#include "exporter/page/composer.h"

namespace netstack {
namespace {

constexpr auto kFirstTable = std::to_array<Family>(
    {kTunableFamily, {.name = "netstack_test_first", .help = "Of the first."}});
constexpr auto kSecondTable = std::to_array<Family>(
    {{.name = "netstack_test_second", .help = "Of the second."}, kTunableFamily});
constexpr CollectorDeclaration kFirst = {.name = "first", .families = kFirstTable};
constexpr CollectorDeclaration kSecond = {.name = "second", .families = kSecondTable};

// One sample of each of its families; the tunable's is named after the collector, or is not there.
class OneOfEach : public Collector {
 public:
  OneOfEach(const CollectorDeclaration& declaration, bool has_tunable)
      : declaration_(declaration), has_tunable_(has_tunable) {}
  Outcome Collect(Samples& out) override {
    for (const Family& family : declaration_.families) {
      if (family.label_count() == 0) {
        out.Add(family, {}, std::uint64_t{1});
      } else if (has_tunable_) {
        out.Add(family, {"", "", declaration_.name, "", "", ""}, std::uint64_t{7});
      }
    }
    return {};
  }

 private:
  const CollectorDeclaration& declaration_;
  bool has_tunable_;
};

std::string Page(PageFormat format, std::string_view asked = {}, bool first_has_tunable = true) {
  const std::vector<const CollectorDeclaration*> all = {&kFirst, &kSecond};
  std::vector<ScrapedCollector> collectors;
  collectors.push_back({&kFirst, std::make_unique<OneOfEach>(kFirst, first_has_tunable)});
  collectors.push_back({&kSecond, std::make_unique<OneOfEach>(kSecond, true)});
  Composer composer(
      std::make_unique<Scraper>(std::move(collectors),
                                ScraperOptions{.collector_timeout = std::chrono::seconds(60)}),
      all, nullptr, nullptr);
  Selection selection;
  if (!asked.empty()) {
    selection.path = false;
    selection.shown = {asked == "first", asked == "second"};
  }
  std::string text;
  composer.Compose(selection, Scraper::Clock::now() + std::chrono::seconds(30),
                   format == PageFormat::kText ? &text : nullptr,
                   format == PageFormat::kText ? nullptr : &text);
  // Only what the two collectors wrote.
  const std::size_t begin = text.find("# HELP netstack_t");
  return text.substr(begin, text.find("# HELP netstack_scrape") - begin);
}

std::string Head(const Family& family) {
  return "# HELP " + std::string(family.name) + " " + std::string(family.help) + "\n# TYPE " +
         std::string(family.name) + " gauge\n";
}

TEST(SharedFamilies, HaveOneHeadAboveTheSamplesOfAllCollectors) {
  const std::string expected = Head(kTunableFamily) +
                               "netstack_tunable{name=\"first\"} 7\n"
                               "netstack_tunable{name=\"second\"} 7\n" +
                               Head(kFirstTable[1]) + "netstack_test_first 1\n" +
                               Head(kSecondTable[0]) + "netstack_test_second 1\n";
  EXPECT_EQ(Page(PageFormat::kText), expected);
  EXPECT_EQ(Page(PageFormat::kOpenMetrics), expected);
}

TEST(SharedFamilies, HaveTheirHeadWhenTheFirstCollectorHasNoSample) {
  EXPECT_EQ(Page(PageFormat::kText, {}, false),
            Head(kTunableFamily) + "netstack_tunable{name=\"second\"} 7\n" + Head(kFirstTable[1]) +
                "netstack_test_first 1\n" + Head(kSecondTable[0]) + "netstack_test_second 1\n");
}

TEST(SharedFamilies, AreWrittenByTheOneCollectorThatIsAskedFor) {
  EXPECT_EQ(Page(PageFormat::kText, "second"), Head(kSecondTable[0]) + "netstack_test_second 1\n" +
                                                   Head(kTunableFamily) +
                                                   "netstack_tunable{name=\"second\"} 7\n");
}

LabelNames WithoutNetns(const Family& family) {
  LabelNames labels = family.labels;
  if (IsOfOtherNamespaces(family)) labels[family.label_count() - 1] = {};
  return labels;
}

bool SameDeclaration(const Family& a, const Family& b) {
  return a.name == b.name && a.type == b.type && a.path == b.path && a.stage == b.stage &&
         a.role == b.role && a.tier == b.tier && a.width == b.width &&
         WithoutNetns(a) == WithoutNetns(b) && a.help == b.help && a.source == b.source &&
         a.reading == b.reading;
}

TEST(SharedFamilies, AreTheOnlyOnesOfTwoCollectorsAndDeclaredTheSame) {
  std::map<std::string_view, const Family*> declared;
  for (const CollectorDeclaration* const collector : Catalog()) {
    for (const Family& family : collector->families) {
      const auto [at, is_new] = declared.emplace(family.name, &family);
      if (is_new) continue;
      EXPECT_TRUE(MayBeShared(family)) << family.name << " is declared by two collectors";
      EXPECT_TRUE(SameDeclaration(family, *at->second)) << family.name;
    }
  }
}

}  // namespace
}  // namespace netstack
