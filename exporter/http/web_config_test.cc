// The web configuration at work on a running server: passwords, headers, rate limit, and what
// happens when the file changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "exporter/http/testing/raw_client.h"
#include "exporter/http/testing/server_with_web_config.h"

namespace netstack {
namespace {

using testing::Answer;
using ::testing::ElementsAre;
using testing::Get;
using ::testing::HasSubstr;
using testing::ServerWithWebConfig;

constexpr char kHashOfSecret[] = "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
constexpr char kAliceSecret[] = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
constexpr char kAliceWrong[] = "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n";
constexpr char kMallorySecret[] = "Authorization: Basic bWFsbG9yeTpzZWNyZXQ=\r\n";

TEST_F(ServerWithWebConfig, AsksForThePasswordOnAllPaths) {
  configs_["users"].basic_auth_users = {{"alice", kHashOfSecret}};
  Start("users");
  const Answer refused = Get(address_, "/-/healthy");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, "Unauthorized\n");
  EXPECT_EQ(refused.Header("WWW-Authenticate"), "Basic");
  EXPECT_EQ(Get(address_, "/", kAliceWrong).status, 401);
  EXPECT_EQ(Get(address_, "/", kMallorySecret).status, 401);
  EXPECT_EQ(Get(address_, "/", kAliceSecret).body, "known");
  EXPECT_EQ(Get(address_, "/", kAliceSecret).body, "known");
  EXPECT_EQ(Get(address_, "/", kAliceWrong).status, 401);
}

TEST_F(ServerWithWebConfig, SendsTheConfiguredHeadersWithRefusalsToo) {
  configs_["headers"].headers = {{"X-Frame-Options", "deny"}};
  configs_["headers"].basic_auth_users = {{"alice", kHashOfSecret}};
  Start("headers");
  EXPECT_EQ(Get(address_, "/").Header("X-Frame-Options"), "deny");
  EXPECT_EQ(Get(address_, "/", kAliceSecret).Header("X-Frame-Options"), "deny");
}

TEST_F(ServerWithWebConfig, LimitsTheRateBeforeItLooksAtThePassword) {
  configs_["slow"].rate_limit_interval = std::chrono::hours(1);
  configs_["slow"].rate_limit_burst = 2;
  configs_["slow"].basic_auth_users = {{"alice", kHashOfSecret}};
  Start("slow");
  EXPECT_EQ(Get(address_, "/", kAliceSecret).status, 200);
  EXPECT_EQ(Get(address_, "/").status, 401);
  const Answer refused = Get(address_, "/", kAliceSecret);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, "Too Many Requests\n");
}

TEST_F(ServerWithWebConfig, FollowsTheFileAndLogsOnlyChangesOfState) {
  configs_["users"].basic_auth_users = {{"alice", kHashOfSecret}};
  Start("plain");
  EXPECT_EQ(Get(address_, "/").body, "anybody");
  Write("users");
  EXPECT_EQ(Get(address_, "/").status, 401);
  Write("broken");
  EXPECT_EQ(Get(address_, "/", kAliceSecret).status, 500);
  EXPECT_EQ(Get(address_, "/", kAliceSecret).status, 500);
  std::filesystem::remove(folder_ / "web.yml");
  EXPECT_EQ(Get(address_, "/").status, 500);
  Write("plain");
  EXPECT_EQ(Get(address_, "/").body, "anybody");
  EXPECT_THAT(log_, ElementsAre(HasSubstr("no such: broken"), HasSubstr("no such: "),
                                "web configuration is good again"));
}

TEST_F(ServerWithWebConfig, DoesNotStartWithABrokenFile) {
  const auto server = TryStart("broken");
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().Describe(), HasSubstr("no such: broken"));
}

}  // namespace
}  // namespace netstack
