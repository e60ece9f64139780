#include "collectors/tier_option.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace netstack {
namespace {

constexpr std::array kOptions = {TierOption("How much.", "auto|core|extended|all", "auto")};

TEST(TierOption, NamesTheTierInForce) {
  OptionValues values(kOptions);
  EXPECT_EQ(TierOf(values), Tier::kCore) << "a word of the collector's own";
  for (const Tier tier : {Tier::kCore, Tier::kExtended, Tier::kAll}) {
    ASSERT_EQ(values.Set("tier", Slug(tier)), "");
    EXPECT_EQ(TierOf(values), tier);
  }
}

TEST(TierOption, ShowsWhatLowerTiersShow) {
  EXPECT_TRUE(IsShownAt(Tier::kCore, Tier::kCore));
  EXPECT_FALSE(IsShownAt(Tier::kCore, Tier::kExtended));
  EXPECT_TRUE(IsShownAt(Tier::kAll, Tier::kExtended));
}

}  // namespace
}  // namespace netstack
