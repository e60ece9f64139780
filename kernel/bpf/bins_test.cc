// The programs' arithmetic, as this machine does it.
#include <gtest/gtest.h>
#include <linux/types.h>
#include <sys/cdefs.h>

#include <bit>
#include <cstdint>
// After what it refers to.
#include "kernel/bpf/programs/bins.h"

namespace netstack {
namespace {

// The lowest b with value <= 2^b.
std::uint32_t Bin(std::uint64_t value) {
  return value == 0 ? 0 : static_cast<std::uint32_t>(std::bit_width(value - 1));
}

TEST(Bins, HoldsTheValuesAboveThePowerBefore) {
  for (std::uint32_t value = 0; value < 1u << 18; ++value) {
    ASSERT_EQ(bin_of_depth(value), Bin(value)) << value;
  }
  for (std::uint32_t bin = 2; bin < 32; ++bin) {
    const std::uint32_t power = 1u << bin;
    const std::uint32_t half = power / 2;
    for (const std::uint32_t value : {half + 1, half + half / 2, half + half / 2 + 1, power - 1}) {
      EXPECT_EQ(bin_of_depth(value), Bin(value)) << value;
    }
    EXPECT_EQ(bin_of_depth(power), bin);
  }
}

TEST(Bins, EndsWithTheLast) {
  EXPECT_EQ(bin_of(64, 7), 6u);
  EXPECT_EQ(bin_of(65, 7), 7u);
  EXPECT_EQ(bin_of(1'000'000, 7), 7u);
  EXPECT_EQ(bin_of(std::uint64_t{1} << 33, 31), 31u);
}

}  // namespace
}  // namespace netstack
