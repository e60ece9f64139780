#include "exporter/run/longest_queues.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace netstack {
namespace {

Offender Queued(std::uint32_t bytes) {
  Offender offender;
  offender.state = 1;
  offender.local_address = {std::byte{192}, std::byte{0}, std::byte{2}, std::byte{1}};
  offender.local_port = 443;
  offender.remote_port = 40000;
  offender.queued = bytes;
  offender.memory = 2 * bytes;
  offender.limit = 100;
  return offender;
}

TEST(LongestQueues, AreThreeOfEachDirectionThatHaveSomething) {
  Offender six = Queued(7);
  six.ip_version = 6;
  const auto longest = LongestQueues(
      {.receive = {Queued(9), Queued(8), six, Queued(6)}, .transmit = {Queued(5), Queued(0)}});
  ASSERT_EQ(longest.size(), 4U);
  EXPECT_EQ(longest[0].local, "192.0.2.1:443");
  EXPECT_EQ(longest[0].remote, "0.0.0.0:40000");
  EXPECT_EQ(longest[0].state, "established");
  EXPECT_EQ(longest[0].queued, 9);
  EXPECT_EQ(longest[0].memory, 18);
  EXPECT_EQ(longest[0].limit, 100);
  EXPECT_EQ(longest[2].local, "[c000:201::]:443");
  EXPECT_TRUE(longest[2].is_receive);
  EXPECT_FALSE(longest[3].is_receive);
  EXPECT_EQ(longest[3].queued, 5);
}

}  // namespace
}  // namespace netstack
