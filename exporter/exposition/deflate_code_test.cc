#include "exporter/exposition/deflate_code.h"

#include <gtest/gtest.h>

namespace netstack {
namespace {

// The tables of RFC 1951 section 3.2.5: where each symbol's range begins.
constexpr std::array<std::uint32_t, 28> kLengthBases = {3,  4,  5,  6,   7,   8,   9,   10, 11, 13,
                                                        15, 17, 19, 23,  27,  31,  35,  43, 51, 59,
                                                        67, 83, 99, 115, 131, 163, 195, 227};
constexpr std::array<std::uint32_t, 30> kDistanceBases = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};

template <std::size_t kSize>
std::uint32_t SymbolOf(const std::array<std::uint32_t, kSize>& bases, std::uint32_t value) {
  std::uint32_t symbol = 0;
  while (symbol + 1 < kSize && bases[symbol + 1] <= value) ++symbol;
  return symbol;
}

std::uint32_t Low(std::uint32_t bits, std::uint32_t size) {
  return bits & ((1u << size) - 1);
}

TEST(CodeOfLength, IsTheSymbolOfTheRfcAndItsExtraBits) {
  for (std::uint32_t length = 3; length < 258; ++length) {
    const std::uint32_t symbol = SymbolOf(kLengthBases, length);
    const DeflateCode bare = CodeOfSymbol(257 + symbol);
    const DeflateCode code = CodeOfLength(length);
    EXPECT_EQ(Low(code.bits, bare.size), bare.bits) << length;
    EXPECT_EQ(code.bits >> bare.size, length - kLengthBases[symbol]) << length;
    EXPECT_EQ(code.size - bare.size, symbol < 8 ? 0 : symbol / 4 - 1) << length;
  }
  EXPECT_EQ(CodeOfLength(258).bits, CodeOfSymbol(285).bits);
  EXPECT_EQ(CodeOfLength(258).size, 8u);
}

TEST(CodeOfDistance, IsTheSymbolOfTheRfcAndItsExtraBits) {
  for (std::uint32_t distance = 1; distance <= 32768; ++distance) {
    const std::uint32_t symbol = SymbolOf(kDistanceBases, distance);
    const DeflateCode code = CodeOfDistance(distance);
    ASSERT_EQ(deflate_internal::Reversed(Low(code.bits, 5), 5), symbol) << distance;
    ASSERT_EQ(code.bits >> 5, distance - kDistanceBases[symbol]) << distance;
    ASSERT_EQ(code.size - 5, symbol < 2 ? 0 : symbol / 2 - 1) << distance;
  }
}

TEST(CodeOfSymbol, IsReversed) {
  EXPECT_EQ(CodeOfSymbol(0).bits, 0b00001100u);
  EXPECT_EQ(CodeOfSymbol(144).bits, 0b000010011u);
  EXPECT_EQ(CodeOfSymbol(256).bits, 0u);
  EXPECT_EQ(CodeOfSymbol(256).size, 7u);
}

}  // namespace
}  // namespace netstack
