#include "exporter/http/stack_pages.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <thread>
#include <vector>

namespace netstack {
namespace {

[[gnu::noinline]] unsigned WriteDeeply() {
  std::array<volatile unsigned char, 200'000> memory;
  for (auto& byte : memory) byte = 1;
  return memory[100];
}

// Pages of the stack from `end` up that are in memory.
std::ptrdiff_t ResidentPages(void* end) {
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  std::vector<unsigned char> pages((here - reinterpret_cast<std::uintptr_t>(end)) / page);
  EXPECT_EQ(mincore(end, pages.size() * page, pages.data()), 0);
  return std::ranges::count_if(pages, [](unsigned char flags) { return (flags & 1) != 0; });
}

TEST(StackPages, OfADeepCallAreGivenBack) {
  std::thread([] {
    void* const end = StackEnd();
    ASSERT_NE(end, nullptr);
    const std::ptrdiff_t before = ResidentPages(end);
    EXPECT_EQ(WriteDeeply(), 1u);
    EXPECT_GE(ResidentPages(end), before + 40);
    ReleaseStackBelow(end);
    EXPECT_LE(ResidentPages(end), before + 4);
    EXPECT_EQ(WriteDeeply(), 1u) << "and can be used again";
  }).join();
}

TEST(StackPages, AreLeftAloneWhenTheEndIsNotKnown) {
  ReleaseStackBelow(nullptr);
}

}  // namespace
}  // namespace netstack
