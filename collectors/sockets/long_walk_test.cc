// Walks that take longer than a scrape should wait.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "collectors/last_result.h"
#include "collectors/sock_diag_test_host.h"

namespace netstack::sockets {

extern const CollectorDeclaration kCollector;

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

MadeSocket Connection() {
  return {.state = 1, .address = "127.0.0.1", .port = 80, .remote_port = 5432};
}

void Spend(milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
}

class LongWalkTest : public testing::Test {
 protected:
  LongWalkTest() { host_.SetOption("min-interval", "0s"); }

  LastResult& walk() { return dynamic_cast<LastResult&>(host_.collector()); }
  void Have(std::size_t sockets) {
    host_.made.messages[{0, 0}].assign(sockets, Message(Connection()));
  }
  // The line of CollectLast() that has `part`.
  std::string Last(std::string_view part) {
    Samples samples(kCollector.families);
    EXPECT_EQ(walk().CollectLast(samples).state, CollectorState::kOk);
    for (std::string& line : Lines(samples)) {
      if (line.find(part) != line.npos) return std::move(line);
    }
    return {};
  }

  SockDiagHost host_{kCollector};
};

TEST_F(LongWalkTest, LeavesTheOneBeforeToBeSeenUntilItsEnd) {
  Have(1);
  host_.Collect();
  Have(2);
  std::promise<void> begun, go_on;
  host_.made.before_answer = [&] {
    begun.set_value();
    go_on.get_future().wait();
  };
  Samples of_second(kCollector.families);
  std::jthread second([&] { host_.collector().Collect(of_second); });
  begun.get_future().wait();
  EXPECT_EQ(Last("walk_sockets"), "netstack_sockets_walk_sockets 1");
  const std::string age = Last("walk_age");
  EXPECT_NE(age, "") << "it has its age";
  EXPECT_NE(Last("walk_age"), age) << "which goes on";
  go_on.set_value();
  second.join();
  EXPECT_EQ(Last("walk_sockets"), "netstack_sockets_walk_sockets 2");
}

TEST_F(LongWalkTest, HasNothingToShowInsteadOfTheFirst) {
  EXPECT_EQ(walk().Patience(), std::nullopt);
  Samples samples(kCollector.families);
  const Outcome outcome = walk().CollectLast(samples);
  EXPECT_EQ(outcome.state, CollectorState::kTimeout);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->Describe(), "sockets: the first walk goes on");
  EXPECT_EQ(samples.size(), 0u);
}

TEST_F(LongWalkTest, IsNotWaitedForAgainUntilOneWasShort) {
  host_.SetOption("max-wait", "5ms");
  Have(1);
  host_.Collect();
  EXPECT_EQ(walk().Patience(), nanoseconds(milliseconds(5)));
  host_.made.before_answer = [] { Spend(milliseconds(6)); };
  host_.Collect();
  EXPECT_EQ(walk().Patience(), nanoseconds(0));
  host_.made.before_answer = {};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (walk().Patience() == nanoseconds(0) && std::chrono::steady_clock::now() < deadline) {
    host_.Collect();
  }
  EXPECT_EQ(walk().Patience(), nanoseconds(milliseconds(5)));
}

TEST_F(LongWalkTest, IsWaitedForWhenNoneIsDue) {
  host_.SetOption("min-interval", "1h");
  host_.SetOption("max-wait", "1ms");
  host_.made.before_answer = [] { Spend(milliseconds(2)); };
  host_.Collect();
  EXPECT_EQ(walk().Patience(), nanoseconds(milliseconds(1)));
}

TEST_F(LongWalkTest, EndsWhenNobodyWantsItAnyMore) {
  host_.SetOption("max-time", "1h");
  Have(1000);
  host_.made.before_answer = [this] { walk().GiveUp(); };
  host_.Collect();
  EXPECT_EQ(Last("walk_sockets"), "netstack_sockets_walk_sockets 255");
  EXPECT_EQ(Last("walk_truncated"), "netstack_sockets_walk_truncated 1");
}

}  // namespace
}  // namespace netstack::sockets
