#include "exporter/doctor/compute.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>

namespace netstack {
namespace {

Facts Given(std::initializer_list<std::pair<std::string_view, double>> numbers) {
  Facts facts;
  for (const auto& [name, number] : numbers) facts.Set(name, number);
  return facts;
}

using Compute = void (*)(Facts&);

double After(Compute compute, Facts facts, std::string_view name = "new") {
  compute(facts);
  return facts.Number(name).value_or(-1);
}

TEST(Compute, StepsTheBacklogAsTheTuningArticleDoes) {
  // 223 packets were lost in ten seconds: 256 more.
  EXPECT_EQ(After(StepByLoss, Given({{"now", 1000}, {"lost", 223}})), 1256);
  EXPECT_EQ(After(StepByLoss, Given({{"now", 1000}, {"lost", 1}})), 1002);
  // One step is never more than what is there already, or 1000.
  EXPECT_EQ(After(StepByLoss, Given({{"now", 4000}, {"lost", 1e6}})), 8000);
  EXPECT_EQ(After(StepByLoss, Given({{"now", 10}, {"lost", 1e6}})), 1010);
  EXPECT_EQ(After(StepByLoss, Given({{"now", 10}})), -1);
}

TEST(Compute, MakesRoomForConnections) {
  EXPECT_EQ(After(ConnectionsForLoss, Given({{"now", 1}, {"lost", 20}})), 32);
  EXPECT_EQ(After(ConnectionsForLoss, Given({{"now", 4096}, {"lost", 1e9}})), 65535);
}

TEST(Compute, MakesRoomForPacketsInSteps) {
  EXPECT_EQ(After(PacketsForLoss, Given({{"now", 5}, {"lost", 60}})), 128);
  EXPECT_EQ(After(PacketsForLoss, Given({{"now", 1000}, {"lost", 1e6}})), 4000);
}

TEST(Compute, MakesRoomForBytesInSteps) {
  EXPECT_EQ(After(BytesForLoss, Given({{"now", 8000}, {"lost", 100}, {"packet_bytes", 542}})),
            131072);
  EXPECT_EQ(After(BytesForLoss, Given({{"now", 8000}, {"lost", 1e6}, {"packet_bytes", 542}})),
            262144);
  EXPECT_EQ(
      After(BytesForLoss, Given({{"now", 8000}, {"lost", 1e6}, {"packet_bytes", 542}}), "half"),
      131072);
}

TEST(Compute, CountsWhatAPacketTakesOfABuffer) {
  // 1000 bytes of data take 2304 on the kernels tried.
  const auto facts = [] {
    return Given({{"now", 4096}, {"lost", 10}, {"bytes", 1042}, {"packets", 1}});
  };
  EXPECT_GE(After(MemoryForLoss, facts(), "packet_bytes"), 2304);
  EXPECT_LE(After(MemoryForLoss, facts(), "packet_bytes"), 3000);
  EXPECT_EQ(After(LengthOfPacket, Given({{"bytes", 100}, {"packets", 0}}), "packet_bytes"), 1500);
}

TEST(Compute, SharesALimitAmongSockets) {
  EXPECT_EQ(After(OfOneSocket, Given({{"limit", 400}, {"sockets", 4}, {"lost", 10}}), "now"), 100);
  EXPECT_EQ(After(OfOneSocket, Given({{"limit", 400}, {"sockets", 4}, {"lost", 10}}), "lost"), 3);
  EXPECT_EQ(After(OfOneSocket, Given({{"limit", 400}, {"lost", 10}}), "now"), 400);
}

TEST(Compute, GoesTowardAMaximumAndNotBeyond) {
  EXPECT_EQ(After(TowardMaximum, Given({{"now", 256}, {"max", 4096}})), 512);
  EXPECT_EQ(After(TowardMaximum, Given({{"now", 3000}, {"max", 4096}})), 4096);
}

TEST(Compute, RaisesTcpBuffersToTheKernelsOwnAndThenTwice) {
  const auto small = Given({{"min", 4096}, {"default", 8192}, {"max", 8192}});
  EXPECT_EQ(After(LargerTcpBuffer, small, "new_default"), 131072);
  EXPECT_EQ(After(LargerTcpBuffer, small, "new_max"), 6291456);
  const auto usual = Given({{"min", 4096}, {"default", 131072}, {"max", 6291456}});
  EXPECT_EQ(After(LargerTcpBuffer, usual, "new_max"), 12582912);
  const auto huge = Given({{"min", 4096}, {"default", 131072}, {"max", 100e6}});
  EXPECT_EQ(After(LargerTcpBuffer, huge, "new_max"), 100e6);
  EXPECT_EQ(After(SmallerTcpBuffer, Given({{"max", 33554432}}), "new_max"), 16777216);
  EXPECT_EQ(After(SmallerTcpBuffer, Given({{"max", 5000000}}), "new_max"), 4194304);
}

TEST(Compute, GivesTheSoftirqMoreOnlyIfItWasCutShort) {
  EXPECT_EQ(After(MoreSoftirqTime, Given({{"squeezes", 3}, {"usecs", 8000}}), "more_usecs"), 16000);
  EXPECT_EQ(After(MoreSoftirqTime, Given({{"squeezes", 0}, {"usecs", 8000}}), "more_usecs"), -1);
}

TEST(Compute, TellsTcThePlaceOfAQdisc) {
  const auto place = [](std::string_view parent, std::string_view handle) {
    Facts facts;
    facts.Set("parent", parent);
    facts.Set("handle", handle);
    PlaceOfQdisc(facts);
    return std::string(facts.Text("where"));
  };
  EXPECT_EQ(place("root", "0:"), "root");
  EXPECT_EQ(place("root", "8001:"), "root handle 8001:");
  EXPECT_EQ(place("1:10", "10:"), "parent 1:10 handle 10:");
}

}  // namespace
}  // namespace netstack
