#include "exporter/http/guard_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netstack {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const GuardLimits kLimits{.pressure_at = 5, .hog_at = 3};

ConnectionView Reading(std::string peer, milliseconds age) {
  return {.peer = std::move(peer), .age = age};
}

ConnectionView Writing(std::string peer, milliseconds stalled_for) {
  return {.peer = std::move(peer),
          .phase = ConnectionPhase::kWriting,
          .age = seconds(3600),
          .stalled_for = stalled_for};
}

TEST(GuardPolicy, IsPatientWhileThereAreWorkers) {
  EXPECT_THAT(ConnectionsToShut({Reading("a", seconds(9)), Reading("a", seconds(11)),
                                 Writing("b", seconds(9)), Writing("b", seconds(11))},
                                kLimits, false),
              ElementsAre(1, 3));
}

TEST(GuardPolicy, ShutsAHogFirstWhenWorkersGetShort) {
  EXPECT_THAT(ConnectionsToShut({Reading("hog", milliseconds(300)), Reading("b", milliseconds(300)),
                                 Writing("hog", milliseconds(300)),
                                 Reading("hog", milliseconds(100)), Reading("c", seconds(2))},
                                kLimits, false),
              ElementsAre(0, 2, 4));
}

TEST(GuardPolicy, NeverShutsWhoWaitsForTheServer) {
  const ConnectionView waiting{.peer = "a", .has_unread_input = true, .age = seconds(3600)};
  const ConnectionView handled{
      .peer = "a", .phase = ConnectionPhase::kHandling, .age = seconds(3600)};
  EXPECT_THAT(ConnectionsToShut({waiting, handled, waiting, handled, waiting}, kLimits, false),
              IsEmpty());
  EXPECT_THAT(ConnectionsToShut({waiting, handled}, kLimits, true), IsEmpty());
}

TEST(GuardPolicy, EndsUnfinishedRequestsWhenTheServerStops) {
  EXPECT_THAT(ConnectionsToShut({Reading("a", milliseconds(200)), Writing("b", milliseconds(200))},
                                kLimits, true),
              ElementsAre(0));
}

TEST(GuardPolicy, GivesUnixPeersADeadlineOnly) {
  ConnectionView local{.is_unix = true, .age = seconds(60)};
  EXPECT_THAT(ConnectionsToShut({local, local, local, local, local}, kLimits, true), IsEmpty());
  local.age = seconds(121);
  EXPECT_THAT(ConnectionsToShut({local}, kLimits, false), ElementsAre(0));
}

}  // namespace
}  // namespace netstack
