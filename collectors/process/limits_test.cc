#include "collectors/process/limits.h"

#include <gtest/gtest.h>

namespace netstack::process {
namespace {

constexpr std::string_view kText =
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max processes             96365                96365                processes \n"
    "Max open files            1024                 20000                files     \n"
    "Max address space         unlimited            unlimited            bytes     \n";

TEST(Limits, TakesTheSoftLimitsByTheNameOfTheRow) {
  Limits limits;
  ASSERT_TRUE(ParseLimits(kText, limits));
  EXPECT_EQ(limits, (Limits{.open_files = 1024, .address_space_bytes = std::nullopt}));
}

TEST(Limits, NamesTheLineOfWhatIsNoLimit) {
  Limits limits;
  const Status parsed = ParseLimits("Limit\nMax open files            -1  2 files\n", limits);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(), "/proc/self/limits line 2: not a limit: '-1'");
}

TEST(Limits, WantsBothRows) {
  Limits limits;
  EXPECT_FALSE(ParseLimits("", limits));
  EXPECT_FALSE(ParseLimits("Max open files            1024  2 files\n", limits));
}

TEST(Limits, SurvivesTruncationAtEveryByte) {
  for (std::size_t size = 0; size < kText.size(); ++size) {
    Limits limits;
    if (ParseLimits(kText.substr(0, size), limits)) {
      EXPECT_EQ(limits.open_files, 1024u);
    }
  }
}

}  // namespace
}  // namespace netstack::process
