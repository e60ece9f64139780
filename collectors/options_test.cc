#include "collectors/options.h"

#include <gtest/gtest.h>

#include <array>

namespace netstack {
namespace {

using Kind = OptionSpec::Kind;
using namespace std::chrono_literals;  // NOLINT: literals

constexpr std::array<OptionSpec, 7> kSpecs = {{
    {.name = "raw", .kind = Kind::kBool, .default_value = "false", .help = "h"},
    {.name = "count",
     .kind = Kind::kInteger,
     .default_value = "5",
     .help = "h",
     .min = 1,
     .max = 9},
    {.name = "age", .kind = Kind::kDuration, .default_value = "1m30s", .help = "h"},
    {.name = "tier",
     .kind = Kind::kWord,
     .default_value = "extended",
     .help = "h",
     .words = "core|extended|all"},
    {.name = "label", .kind = Kind::kText, .default_value = "", .help = "h"},
    {.name = "device-include", .kind = Kind::kRegex, .default_value = "", .help = "h"},
    {.name = "fields", .kind = Kind::kList, .default_value = "a,b", .help = "h"},
}};

std::vector<std::string> ListOf(const OptionValues& values) {
  const auto list = values.List("fields");
  return {list.begin(), list.end()};
}

TEST(OptionValues, StartsFromTheDeclaredDefaults) {
  const OptionValues values(kSpecs);
  EXPECT_FALSE(values.Bool("raw"));
  EXPECT_EQ(values.Integer("count"), 5);
  EXPECT_EQ(values.Duration("age"), 90s);
  EXPECT_EQ(values.Text("tier"), "extended");
  EXPECT_EQ(values.Text("label"), "");
  EXPECT_EQ(values.Text("device-include"), "");
  EXPECT_EQ(ListOf(values), (std::vector<std::string>{"a", "b"}));
}

TEST(OptionValues, TakesWhatAPersonWrites) {
  OptionValues values(kSpecs);
  EXPECT_EQ(values.Set("raw", "true"), "");
  EXPECT_EQ(values.Set("count", "9"), "");
  EXPECT_EQ(values.Set("age", "250ms"), "");
  EXPECT_EQ(values.Set("tier", "ALL"), "");
  EXPECT_EQ(values.Set("label", "x = \"y\""), "");
  EXPECT_EQ(values.Set("device-include", "^(eth|ens).*$"), "");
  EXPECT_EQ(values.Set("fields", "c"), "");
  EXPECT_TRUE(values.Bool("raw"));
  EXPECT_EQ(values.Integer("count"), 9);
  EXPECT_EQ(values.Duration("age"), 250ms);
  EXPECT_EQ(values.Text("tier"), "all");
  EXPECT_EQ(values.Text("label"), "x = \"y\"");
  EXPECT_EQ(values.Text("device-include"), "^(eth|ens).*$");
  EXPECT_EQ(ListOf(values), (std::vector<std::string>{"c"}));
}

TEST(OptionValues, RefusalSaysWhatWasExpectedAndChangesNothing) {
  const struct {
    std::string_view name, value, complaint;
  } cases[] = {
      {"raw", "yes", "not true or false: 'yes'"},
      {"raw", "", "not true or false: ''"},
      {"count", "many", "not a whole number between 1 and 9: 'many'"},
      {"count", "0", "not a whole number between 1 and 9: '0'"},
      {"count", "10", "not a whole number between 1 and 9: '10'"},
      {"count", "07", "not a whole number between 1 and 9: '07'"},
      {"count", "1.5", "not a whole number between 1 and 9: '1.5'"},
      {"count", " 1", "not a whole number between 1 and 9: ' 1'"},
      {"count", "99999999999999999999",
       "not a whole number between 1 and 9: '99999999999999999999'"},
      {"age", "-1s", "not a duration such as 10s or 1m30s: '-1s'"},
      {"tier", "some", "not one of core, extended, all: 'some'"},
      {"tier", "", "not one of core, extended, all: ''"},
      {"tier", "core|all", "not one of core, extended, all: 'core|all'"},
      {"label", std::string_view("a\0b", 3), "contains a NUL byte: 'a\\x00b'"},
      {"missing", "1", "no such option: 'missing'"},
  };
  OptionValues values(kSpecs);
  for (const auto& c : cases) EXPECT_EQ(values.Set(c.name, c.value), c.complaint);
  EXPECT_NE(values.Set("device-include", "(").find("not a regular expression"), std::string::npos);
  EXPECT_NE(values.Set("device-include", "(x{1000}){1000}").find("not a regular expression"),
            std::string::npos);
  EXPECT_NE(values.Set("device-include", std::string(1 << 20, '(')).find("is too long"),
            std::string::npos);
  EXPECT_EQ(values, OptionValues(kSpecs));
}

TEST(OptionValues, ListItemsMayContainCommas) {
  OptionValues values(kSpecs);
  const std::vector<std::string> items = {"a,b", "", "c"};
  EXPECT_EQ(values.SetList("fields", items), "");
  EXPECT_EQ(ListOf(values), items);
  EXPECT_EQ(values.SetList("fields", {}), "");
  EXPECT_TRUE(values.List("fields").empty());
  EXPECT_EQ(values.SetList("tier", items), "not one of core, extended, all: a list");
  EXPECT_EQ(values.SetList("missing", items), "no such option: 'missing'");
}

TEST(OptionValues, AreEqualWhenTheirValuesAre) {
  OptionValues a(kSpecs);
  OptionValues b(kSpecs);
  EXPECT_EQ(a, b);
  ASSERT_EQ(a.Set("count", "6"), "");
  EXPECT_FALSE(a == b);
  ASSERT_EQ(b.Set("count", "6"), "");
  EXPECT_EQ(a, b);
  EXPECT_FALSE(a == OptionValues());
}

TEST(OptionValuesDeathTest, AskingForWhatWasNotDeclaredAborts) {
  const OptionValues values(kSpecs);
  EXPECT_DEATH(static_cast<void>(values.Bool("missing")), "missing was not declared");
  EXPECT_DEATH(static_cast<void>(values.Bool("count")), "count was not declared");
  EXPECT_DEATH(static_cast<void>(values.Text("count")), "count was not declared");
}

TEST(OptionValuesDeathTest, ADefaultThatItsOwnRowRefusesAborts) {
  static constexpr std::array<OptionSpec, 1> kBad = {
      {{.name = "n", .kind = Kind::kInteger, .default_value = "x", .help = "h"}}};
  EXPECT_DEATH(OptionValues{kBad}, "default of option n: not a whole number of at least 0: 'x'");
}

}  // namespace
}  // namespace netstack
