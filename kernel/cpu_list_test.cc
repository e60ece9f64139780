#include "kernel/cpu_list.h"

#include <gtest/gtest.h>

#include <vector>

namespace netstack {
namespace {

std::vector<std::uint32_t> All(std::string_view text) {
  std::vector<std::uint32_t> out;
  CpuList list(text);
  while (const auto cpu = list.Next()) out.push_back(*cpu);
  return out;
}

TEST(CpuList, WalksRangesAndSingles) {
  EXPECT_EQ(All("0-2,5,7-8\n"), (std::vector<std::uint32_t>{0, 1, 2, 5, 7, 8}));
  EXPECT_EQ(All("3"), (std::vector<std::uint32_t>{3}));
}

TEST(CpuList, EndsAtWhatIsNotAList) {
  EXPECT_EQ(All(""), (std::vector<std::uint32_t>{}));
  EXPECT_EQ(All("1,x,3"), (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(All("4-2"), (std::vector<std::uint32_t>{}));
}

}  // namespace
}  // namespace netstack
