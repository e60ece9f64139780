#include "model/joined.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace netstack {
namespace {

struct Row {
  std::string_view name;
  int number = 7;
  bool operator==(const Row&) const = default;
};

constexpr std::array<Row, 2> kShared = {{{"include"}, {"exclude", 1}}};
constexpr std::array<Row, 1> kOwn = {{{"tier", 2}}};
constexpr std::array<Row, 0> kNone = {};

// A table has to be there before the program runs.
constexpr auto kTable = Joined(kShared, kNone, kOwn, kShared);
static_assert(kTable.size() == 5);

TEST(Joined, HasTheRowsOfAllPartsInTheirOrder) {
  constexpr std::array<Row, 5> kExpected = {
      {{"include", 7}, {"exclude", 1}, {"tier", 2}, {"include", 7}, {"exclude", 1}}};
  EXPECT_EQ(kTable, kExpected);
}

TEST(Joined, IsTheTableItselfWhereThereIsOnePart) {
  EXPECT_EQ(Joined(kShared), kShared);
}

}  // namespace
}  // namespace netstack
