#include "exporter/exposition/number.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace netstack {
namespace {

std::string Format(Number value) {
  std::array<char, kNumberSize> text;
  return {text.data(), FormatNumber(value, text.data())};
}

TEST(FormatNumber, KeepsIntegersExact) {
  EXPECT_EQ(Format(std::uint64_t{0}), "0");
  EXPECT_EQ(Format(std::uint64_t{100000}), "100000");
  EXPECT_EQ(Format((std::uint64_t{1} << 53) + 1), "9007199254740993");
  EXPECT_EQ(Format(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(FormatNumber, GivesDoublesTheShortestTextThatReadsBack) {
  EXPECT_EQ(Format(0.1), "0.1");
  EXPECT_EQ(Format(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(Format(1e-9), "1e-09");
  EXPECT_EQ(Format(100000.0), "100000");
  EXPECT_EQ(Format(1e15), "1000000000000000");
  EXPECT_EQ(Format(-2.0), "-2");
  EXPECT_EQ(Format(1e300), "1e+300");
  for (const double value : {1.5, -0.25, 3.0e-5, 1.7976931348623157e308, 5e-324, 9007199254740992.0,
                             -1.7976931348623157e308, -2.2250738585072014e-308}) {
    EXPECT_EQ(std::strtod(Format(value).c_str(), nullptr), value);
  }
}

TEST(FormatNumber, SpellsWhatIsNotFinite) {
  EXPECT_EQ(Format(std::nan("")), "NaN");
  EXPECT_EQ(Format(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(Format(-std::numeric_limits<double>::infinity()), "-Inf");
}

}  // namespace
}  // namespace netstack
