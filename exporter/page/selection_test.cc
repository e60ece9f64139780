#include "exporter/page/selection.h"

#include <gtest/gtest.h>

#include <array>

namespace netstack {
namespace {

constexpr CollectorDeclaration kA = {.name = "a"};
constexpr CollectorDeclaration kB = {.name = "b"};
constexpr CollectorDeclaration kOff = {.name = "off"};
constexpr std::array<const CollectorDeclaration*, 2> kEnabled = {&kA, &kB};
constexpr std::array<const CollectorDeclaration*, 3> kKnown = {&kA, &kB, &kOff};

Result<Selection> Parse(std::vector<std::string> collect, std::vector<std::string> exclude) {
  return ParseSelection(collect, exclude, kEnabled, kKnown);
}

TEST(Selection, IsEverythingWithoutParameters) {
  const auto selection = Parse({}, {});
  ASSERT_TRUE(selection);
  EXPECT_TRUE(selection->everything());
  EXPECT_TRUE(selection->path);
}

TEST(Selection, CollectsOnlyWhatIsNamed) {
  const auto selection = Parse({"b"}, {});
  ASSERT_TRUE(selection);
  EXPECT_EQ(selection->shown, (std::vector<char>{0, 1}));
  EXPECT_FALSE(selection->path);
  EXPECT_TRUE(Parse({"b", "path"}, {})->path);
}

TEST(Selection, ExcludesWhatIsNamed) {
  const auto selection = Parse({}, {"a"});
  ASSERT_TRUE(selection);
  EXPECT_EQ(selection->shown, (std::vector<char>{0, 1}));
  EXPECT_TRUE(selection->path);
  EXPECT_FALSE(Parse({}, {"path"})->path);
}

TEST(Selection, RefusesWhatNodeExporterRefuses) {
  EXPECT_EQ(Parse({"a"}, {"b"}).error().what,
            "Combined collect and exclude queries are not allowed.");
  EXPECT_EQ(Parse({"nonsense"}, {}).error().what, "missing collector: nonsense");
  EXPECT_EQ(Parse({"off"}, {}).error().what, "disabled collector: off");
}

}  // namespace
}  // namespace netstack
