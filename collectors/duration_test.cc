#include "collectors/duration.h"

#include <gtest/gtest.h>

#include <string>

namespace netstack {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;  // NOLINT: literals

struct Case {
  std::string text;
  nanoseconds expected;
};

TEST(ParseDuration, ReadsWhatGoWrites) {
  const Case cases[] = {
      {"0", 0ns},
      {"0s", 0ns},
      {"1ns", 1ns},
      {"7us", 7us},
      {"7\u00b5s", 7us},
      {"7\u03bcs", 7us},
      {"250ms", 250ms},
      {"10s", 10s},
      {"1m30s", 90s},
      {"1h2m3s4ms5us6ns", 1h + 2min + 3s + 4ms + 5us + 6ns},
      {"1.5h", 90min},
      {".5s", 500ms},
      {"1.s", 1s},
      {"1.1s", 1100ms},
      {"0.3s", 300ms},
      {"0.000000001s", 1ns},
      {"1m1m", 2min},
      {"9223372036854775807ns", nanoseconds::max()},
      {"2562047h", 2562047h},
  };
  for (const Case& c : cases) {
    const auto duration = ParseDuration(c.text);
    ASSERT_TRUE(duration.ok()) << c.text << ": " << duration.error().Describe();
    EXPECT_EQ(*duration, c.expected) << c.text;
  }
}

TEST(ParseDuration, RefusesEverythingElseAndQuotesIt) {
  const std::string cases[] = {
      "",
      "1",
      "10",
      "s",
      ".s",
      "-1s",
      "+1s",
      "1 s",
      " 1s",
      "1s ",
      "1d",
      "1S",
      "1e3s",
      "1,5s",
      "inf",
      "nan",
      "0x1s",
      "1..5s",
      "1.5.5s",
      "1sm",
      std::string("1s\0", 3),
      "9223372036854775808ns",
      "2562048h",
      "99999999999999999999999h",
      "2562047h2562047h",
      "9223372036s999999999999ns",
  };
  for (const std::string& text : cases) {
    const auto duration = ParseDuration(text);
    ASSERT_FALSE(duration.ok()) << text;
    EXPECT_EQ(duration.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(duration.error().what.find("not a duration such as 10s or 1m30s: '"), 0U);
  }
}

}  // namespace
}  // namespace netstack
