#include "exporter/http/basic_auth.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace netstack {
namespace {

const std::map<std::string, std::string> kUsers = {{"alice", "hash of secret"}};
constexpr char kAliceSecret[] = "Basic YWxpY2U6c2VjcmV0";
constexpr char kAliceWrong[] = "Basic YWxpY2U6d3Jvbmc=";
constexpr char kMallorySecret[] = "Basic bWFsbG9yeTpzZWNyZXQ=";

// Stands for bcrypt and counts how often it was needed.
struct Verifier {
  std::atomic<int> calls = 0;
  BasicAuth::Verify function() {
    return [this](std::string_view password, const std::string& hash) {
      ++calls;
      return hash == "hash of " + std::string(password);
    };
  }
};

TEST(BasicAuthorization, IsDecoded) {
  const auto credentials = ParseBasicAuthorization("bASIC YWxpY2U6YTpi");
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->user, "alice");
  EXPECT_EQ(credentials->password, "a:b");
}

TEST(BasicAuthorization, IsRefusedWhenMalformed) {
  for (const char* header :
       {"", "Basic", "Basic ", "Bearer YWxpY2U6c2VjcmV0", "Basic YWxpY2U", "Basic !!!!",
        "Basic YWxpY2U=" /* no colon */, "Basic YQBiOmM=" /* NUL in the user */}) {
    EXPECT_FALSE(ParseBasicAuthorization(header)) << header;
  }
}

TEST(BasicAuth, ComputesAHashOnlyForWhatItDoesNotKnowYet) {
  Verifier verifier;
  BasicAuth auth(verifier.function());
  EXPECT_EQ(auth.Check(kUsers, kAliceSecret), AuthResult::kAccepted);
  EXPECT_EQ(auth.Check(kUsers, kAliceSecret), AuthResult::kAccepted);
  EXPECT_EQ(verifier.calls, 1);
}

TEST(BasicAuth, ComputesAHashForUnknownUsersToo) {
  Verifier verifier;
  BasicAuth auth(verifier.function());
  EXPECT_EQ(auth.Check(kUsers, kMallorySecret), AuthResult::kRefused);
  EXPECT_EQ(verifier.calls, 1);
}

TEST(BasicAuth, ForgetsAPasswordWhenTheHashChanges) {
  Verifier verifier;
  BasicAuth auth(verifier.function());
  EXPECT_EQ(auth.Check(kUsers, kAliceSecret), AuthResult::kAccepted);
  EXPECT_EQ(auth.Check({{"alice", "hash of other"}}, kAliceSecret), AuthResult::kRefused);
  EXPECT_EQ(auth.Check({}, kAliceSecret), AuthResult::kRefused);
}

TEST(BasicAuth, NeverAcceptsAnUnknownUserWhateverTheVerifierSays) {
  BasicAuth auth([](std::string_view, const std::string&) { return true; });
  EXPECT_EQ(auth.Check(kUsers, kMallorySecret), AuthResult::kRefused);
  EXPECT_EQ(auth.Check(kUsers, kMallorySecret), AuthResult::kRefused);
}

TEST(BasicAuth, LetsOnlySomeWaitForTheirHashAndKnownPasswordsPassMeanwhile) {
  std::atomic<bool> blocked = false;
  std::atomic<bool> release = true;
  BasicAuth auth([&](std::string_view password, const std::string&) {
    if (password == "wrong") {
      blocked = true;
      blocked.notify_all();
      release.wait(false);
    }
    return password == "secret";
  });
  ASSERT_EQ(auth.Check(kUsers, kAliceSecret), AuthResult::kAccepted);
  release = false;
  std::atomic<int> busy = 0;
  std::vector<std::thread> guessers;
  for (int i = 0; i < 40; ++i) {
    guessers.emplace_back([&] {
      if (auth.Check(kUsers, kAliceWrong) == AuthResult::kBusy) ++busy;
    });
  }
  blocked.wait(false);
  EXPECT_EQ(auth.Check(kUsers, kAliceSecret), AuthResult::kAccepted);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (busy < 24 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  release = true;
  release.notify_all();
  for (std::thread& guesser : guessers) guesser.join();
  EXPECT_EQ(busy, 24);
}

}  // namespace
}  // namespace netstack
