#include "kernel/bpf/slots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace netstack {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SlotsTest : public testing::Test {
 protected:
  // The rows that went to another key.
  std::vector<std::size_t> Assign(const std::vector<std::uint32_t>& keys) {
    std::vector<std::size_t> begun;
    slots_.Assign(keys, [&](std::size_t slot) { begun.push_back(slot); });
    return begun;
  }
  Slots slots_{4};
};

TEST_F(SlotsTest, KeepAKeysRowWhileItIsNamed) {
  EXPECT_THAT(Assign({7, 9}), ElementsAre(1u, 2u));
  EXPECT_THAT(Assign({9, 7}), IsEmpty());
  EXPECT_THAT(slots_.keys(), ElementsAre(0u, 7u, 9u, 0u));
}

TEST_F(SlotsTest, GiveTheRowOfOneThatIsGoneToAnother) {
  Assign({7, 9});
  EXPECT_THAT(Assign({9, 11}), ElementsAre(1u));
  EXPECT_THAT(slots_.keys(), ElementsAre(0u, 11u, 9u, 0u));
}

TEST_F(SlotsTest, CountTheKeysThatFindNone) {
  EXPECT_THAT(Assign({1, 2, 3, 4, 5}), ElementsAre(1u, 2u, 3u));
  EXPECT_EQ(slots_.without(), 2u);
  EXPECT_THAT(Assign({2, 3, 4, 5}), ElementsAre(1u));
  EXPECT_EQ(slots_.without(), 1u);
  EXPECT_THAT(slots_.keys(), ElementsAre(0u, 4u, 2u, 3u));
}

}  // namespace
}  // namespace netstack
