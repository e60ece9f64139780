#include "exporter/exposition/escape.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "exporter/exposition/utf8.h"

namespace netstack {
namespace {

std::string Label(std::string_view value) {
  std::string out;
  AppendLabelValue(value, out);
  return out;
}

std::string Help(std::string_view help, PageFormat format) {
  std::string out;
  AppendHelp(help, format, out);
  return out;
}

TEST(AppendLabelValue, EscapesWhatEndsALabelOrALine) {
  EXPECT_EQ(Label("a\"b\\c\nd"), R"(a\"b\\c\nd)");
  EXPECT_EQ(Label("eth0.100@bond0: {}=,#"), "eth0.100@bond0: {}=,#");
}

TEST(AppendLabelValue, KeepsValidUtf8) {
  for (const std::string_view valid :
       {"ü", "€", "😀", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "\xEF\xBF\xBD"}) {
    EXPECT_EQ(Label(valid), valid);
    EXPECT_FALSE(IsPlain(valid));
  }
}

TEST(AppendLabelValue, ReplacesEachInvalidByte) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\xFF", "\uFFFD"},
      {"\x80", "\uFFFD"},
      {"a\xC3", "a\uFFFD"},
      {"\xC3(", "\uFFFD("},
      {"\xC0\xAF", "\uFFFD\uFFFD"},                      // Overlong '/'.
      {"\xE0\x9F\xBF", "\uFFFD\uFFFD\uFFFD"},            // Overlong.
      {"\xF0\x8F\xBF\xBF", "\uFFFD\uFFFD\uFFFD\uFFFD"},  // Overlong.
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},            // Surrogate.
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},  // Beyond U+10FFFF.
      {"\xF5\x80\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xE2\x82", "\uFFFD\uFFFD"},
      {"\xE2\x82\"", "\uFFFD\uFFFD\\\""},
  };
  for (const auto& [in, out] : cases) {
    EXPECT_EQ(Label(in), out) << testing::PrintToString(in);
  }
}

TEST(ToUtf8, ReplacesInvalidBytesAndEscapesNothing) {
  EXPECT_EQ(ToUtf8("a\"\\\n\xFF\xC3(ü"), "a\"\\\n\uFFFD\uFFFD(ü");
  EXPECT_EQ(ToUtf8(std::string_view("\0x", 2)), std::string_view("\0x", 2));
}

TEST(AppendHelp, EscapesAsTheFormatWants) {
  EXPECT_EQ(Help("a \"b\" \\c\nd", PageFormat::kText), R"(a "b" \\c\nd)");
  EXPECT_EQ(Help("a \"b\" \\c\nd", PageFormat::kOpenMetrics), R"(a \"b\" \\c\nd)");
}

TEST(AppendBound, SpellsCanonically) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"1", "1.0"},
      {"0", "0.0"},
      {"100000", "100000.0"},
      {"1000000", "1e+06"},
      {"1048576", "1.048576e+06"},
      {"0.5", "0.5"},
      {"1e-05", "1e-05"},
      {"+Inf", "+Inf"},
      {"-1.5", "-1.5"},
      {"4294967296", "4.294967296e+09"},
  };
  for (const auto& [in, expected] : cases) {
    std::string out;
    AppendBound(in, out);
    EXPECT_EQ(out, expected);
  }
}

}  // namespace
}  // namespace netstack
