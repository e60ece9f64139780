#include "collectors/socket_increases.h"

#include <gtest/gtest.h>

#include <vector>

namespace netstack {
namespace {

struct Counted {
  std::uint64_t cookie;
  std::uint32_t value;
};

class SocketIncreasesTest : public testing::Test {
 protected:
  std::vector<std::uint32_t> Round(const std::vector<Counted>& sockets) {
    increases_.Begin();
    for (const Counted& one : sockets) increases_.Add(one.cookie, one.value, 0);
    std::vector<std::uint32_t> out;
    for (const SocketIncreases::Socket& socket : increases_.End()) out.push_back(socket.increase);
    return out;
  }
  using Increases = std::vector<std::uint32_t>;
  SocketIncreases increases_;
};

TEST_F(SocketIncreasesTest, CountsNothingThatWasThereBefore) {
  EXPECT_EQ(Round({{7, 100}, {5, 3}}), (Increases{0, 0}));
  EXPECT_EQ(Round({{7, 104}, {5, 3}}), (Increases{0, 4}));
}

TEST_F(SocketIncreasesTest, CountsANewSocketFromItsBeginning) {
  Round({{5, 3}});
  EXPECT_EQ(Round({{5, 3}, {9, 6}}), (Increases{0, 6}));
  EXPECT_EQ(Round({{9, 7}}), (Increases{1})) << "and does not miss one that went";
}

TEST_F(SocketIncreasesTest, CountsAcrossTheWrap) {
  Round({{5, UINT32_MAX - 1}});
  EXPECT_EQ(Round({{5, 3}}), (Increases{5}));
}

TEST_F(SocketIncreasesTest, TakesACounterThatFellForAnotherSockets) {
  Round({{5, 100}});
  EXPECT_EQ(Round({{5, 3}}), (Increases{3}));
}

TEST_F(SocketIncreasesTest, TakesASocketToldTwiceOnce) {
  Round({{5, 3}});
  EXPECT_EQ(Round({{5, 4}, {5, 4}}), (Increases{1}));
}

TEST_F(SocketIncreasesTest, ForgetsARoundThatWasNotEnded) {
  Round({{5, 3}});
  increases_.Begin();
  increases_.Add(6, 100, 0);
  EXPECT_EQ(Round({{5, 5}, {8, 1}}), (Increases{2, 1}));
}

TEST_F(SocketIncreasesTest, KeepsTheTagOfASocket) {
  increases_.Begin();
  increases_.Add(5, 0, 1);
  increases_.End()[0].tag = 42;
  increases_.Begin();
  increases_.Add(4, 0, 2);
  increases_.Add(5, 0, 3);
  const auto sockets = increases_.End();
  ASSERT_EQ(sockets.size(), 2u);
  EXPECT_EQ(sockets[0].tag, 0u);
  EXPECT_EQ(sockets[1].tag, 42u);
  EXPECT_EQ(sockets[1].group, 3u);
}

}  // namespace
}  // namespace netstack
