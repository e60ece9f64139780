#include "exporter/live/live_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/live/assets.h"

namespace netstack {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr std::size_t kBarBytes = 60'000;

TEST(LivePage, NamesTheMetricsRelativeToItself) {
  const auto page = LivePage("/", "/some/metrics");
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(page->content_type, "text/html; charset=utf-8");
  EXPECT_THAT(*page->body, HasSubstr("data-metrics=\"some/metrics\""));
  EXPECT_THAT(*page->body, Not(HasSubstr("{{")));
}

TEST(LivePage, AdmitsNoForeignHost) {
  const auto page = LivePage("/", "/metrics");
  ASSERT_TRUE(page.has_value());
  EXPECT_THAT(page->headers, Contains(Pair("Content-Security-Policy",
                                           HasSubstr("default-src 'none'; script-src 'self'"))));
  for (const Asset& asset : Assets()) {
    EXPECT_EQ(asset.text.find("https://"), std::string_view::npos) << asset.name;
    EXPECT_EQ(asset.text.find("src=\"//"), std::string_view::npos) << asset.name;
  }
}

TEST(LivePage, ServesEveryFileWithItsType) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"/live/style.css", "text/css; charset=utf-8"},
      {"/live/exposition.mjs", "text/javascript; charset=utf-8"},
      {"/live/findings.mjs", "text/javascript; charset=utf-8"},
      {"/live/sockets.mjs", "text/javascript; charset=utf-8"},
      {"/live/history.mjs", "text/javascript; charset=utf-8"},
      {"/live/ladder.mjs", "text/javascript; charset=utf-8"},
      {"/live/main.mjs", "text/javascript; charset=utf-8"}};
  EXPECT_EQ(files.size() + 1, Assets().size());
  for (const auto& [path, type] : files) {
    const auto file = LivePage(path, "/metrics");
    ASSERT_TRUE(file.has_value()) << path;
    EXPECT_EQ(file->content_type, type) << path;
  }
}

TEST(LivePage, IsSmallAllTogether) {
  std::size_t bytes = 0;
  for (const Asset& asset : Assets()) bytes += asset.text.size();
  EXPECT_LT(bytes, kBarBytes);
}

TEST(LivePage, HasNothingElse) {
  for (const std::string_view path : {"/live/", "/live/index.html", "/live/../main.mjs", "/x"}) {
    EXPECT_EQ(LivePage(path, "/metrics"), std::nullopt) << path;
  }
}

}  // namespace
}  // namespace netstack
