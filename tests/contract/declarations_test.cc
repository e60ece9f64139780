// What holds for all declarations together.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <span>
#include <string>

#include "collectors/catalog.h"
#include "collectors/shared_families.h"
#include "exporter/exposition/unit.h"
#include "exporter/path/families.h"
#include "exporter/scrape/families.h"
#include "exporter/self/families.h"

namespace netstack {
namespace {

// Visits every family that a page can have, with who exports it.
template <class Visitor>
void ForEachFamily(Visitor&& visit) {
  const auto all = [&](std::string_view owner, std::span<const Family> families) {
    for (const Family& family : families) visit(owner, family);
  };
  all("path", kPathFamilies);
  all("scrape", kScrapeFamilies);
  all("self", kSelfFamilies);
  for (const CollectorDeclaration* collector : Catalog()) all(collector->name, collector->families);
}

TEST(Declarations, AreWellFormed) {
  ForEachFamily([](std::string_view owner, const Family& family) {
    EXPECT_EQ(FaultOf(family), nullptr) << owner << ": " << family.name;
  });
}

// Settings are one family, whoever reads them: what they are is a label.
bool IsShared(std::string_view name) {
  return name == "netstack_tunable" || name == "netstack_tunable_info";
}

// OpenMetrics knows families without the suffix of their type, and samples with one. Namesakes of
// one table are told apart by the writer.
TEST(Declarations, ShareNoNameWithAnotherCollector) {
  std::map<std::string, std::string> owners;
  ForEachFamily([&](std::string_view owner, const Family& family) {
    std::set<std::string> names = {std::string(family.name), std::string(OpenMetricsName(family))};
    if (family.type == MetricType::kHistogram || family.type == MetricType::kGaugeHistogram) {
      for (const char* suffix : {"_bucket", "_sum", "_count", "_gsum", "_gcount"}) {
        names.insert(std::string(family.name) + suffix);
      }
    }
    for (const std::string& name : names) {
      const auto [known, is_new] = owners.emplace(name, owner);
      EXPECT_TRUE(is_new || known->second == owner || IsShared(name) || IsOfOtherNamespaces(family))
          << name << ": " << known->second << " and " << owner;
    }
  });
}

TEST(Declarations, StandAtAStageOfTheirPath) {
  ForEachFamily([](std::string_view owner, const Family& family) {
    EXPECT_EQ(family.path == Path::kNone, family.stage == Stage::kNone) << owner;
    if (family.path != Path::kNone) {
      EXPECT_TRUE(IsOnPath(family.path, family.stage)) << owner << ": " << family.name;
    }
  });
}

TEST(Declarations, NameEachCollectorOnceAndNonePath) {
  std::set<std::string_view> names = {"path"};
  for (const CollectorDeclaration* collector : Catalog()) {
    EXPECT_TRUE(names.insert(collector->name).second) << collector->name;
  }
}

}  // namespace
}  // namespace netstack
