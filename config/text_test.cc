#include <gtest/gtest.h>

#include <array>

#include "config/nearest.h"
#include "config/utf8.h"
#include "config/web_address.h"
#include "config/wrap.h"

namespace netstack {
namespace {

TEST(Utf8, ReadsOneCharacterOfEachLength) {
  const struct {
    std::string_view text;
    char32_t value;
    std::size_t length;
  } cases[] = {{"a", 'a', 1},
               {"\u00e9x", 0xe9, 2},
               {"\u20acx", 0x20ac, 3},
               {"\U0001F600", 0x1f600, 4},
               {"\U0010FFFF", 0x10ffff, 4}};
  for (const auto& c : cases) {
    const Utf8Character character = FirstUtf8Character(c.text);
    EXPECT_TRUE(character.valid) << c.text;
    EXPECT_EQ(character.value, c.value);
    EXPECT_EQ(character.length, c.length);
  }
}

TEST(Utf8, RefusesOverlongCutAndImpossibleForms) {
  for (const std::string_view text :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff",
        "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(", "\xe2(\xa1"}) {
    const Utf8Character character = FirstUtf8Character(text);
    EXPECT_FALSE(character.valid);
    EXPECT_EQ(character.length, 1U);
  }
}

TEST(Printable, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(Printable("plain \u00e9 \U0001F600"), "plain \u00e9 \U0001F600");
  EXPECT_EQ(Printable("a\nb\x1b[1m\x7f"), "a\\x0ab\\x1b[1m\\x7f");
  EXPECT_EQ(Printable("\u009b\u2028"), "\\u009b\\u2028");
  EXPECT_EQ(Printable("\xff\xc3"), "\\xff\\xc3");
}

TEST(DidYouMean, FindsSlipsOfTheKeyboardOnly) {
  constexpr std::array<std::string_view, 3> kKnown = {"level", "listen-address", "format"};
  EXPECT_EQ(DidYouMean("levle", kKnown), "; did you mean 'level'?");
  EXPECT_EQ(DidYouMean("listen_address", kKnown), "; did you mean 'listen-address'?");
  EXPECT_EQ(DidYouMean("fromat", kKnown), "; did you mean 'format'?");
  EXPECT_EQ(DidYouMean("something", kKnown), "");
  EXPECT_EQ(DidYouMean("", kKnown), "");
  EXPECT_EQ(DidYouMean("level", {}), "");
  EXPECT_EQ(DidYouMean(std::string(1'000'000, 'x'), kKnown), "");
}

TEST(ListenAddress, TakesPortsNamesAddressesAndSockets) {
  for (const std::string_view address :
       {":10417", ":0", "127.0.0.1:9100", "localhost:9100", "host-1.example:65535", "[::]:1",
        "[::1]:9100", "[fe80::1%eth0]:9100", "[::ffff:1.2.3.4]:80", "unix:/run/x.sock"}) {
    EXPECT_EQ(ComplaintAboutListenAddress(address), "") << address;
  }
}

TEST(ListenAddress, RefusesTheRest) {
  for (const std::string_view address :
       {"", "9100", "localhost", ":", ":65536", ":-1", ":http", ":1 ", "::1:9100", "[::1]", "[::1",
        "[]:1", "[1.2.3.4]:80", "a b:1", "http://x:1", "vsock://:1", "unix:", "unix:x", "\n:1"}) {
    EXPECT_NE(ComplaintAboutListenAddress(address), "") << address;
  }
  EXPECT_NE(ComplaintAboutListenAddress("unix:/" + std::string(200, 'x')), "");
}

TEST(TelemetryPath, IsAPathThatIsNotTakenYet) {
  for (const std::string_view path : {"/metrics", "/a/b_c.d~e-f", "/-x"}) {
    EXPECT_EQ(ComplaintAboutTelemetryPath(path), "") << path;
  }
  for (const std::string_view path :
       {"", "metrics", "/", "/-/ready", "/a?b", "/a b", "/a#", "/\n"}) {
    EXPECT_NE(ComplaintAboutTelemetryPath(path), "") << path;
  }
}

TEST(AppendWrapped, BreaksBetweenWordsAtAHundredColumns) {
  std::string out;
  AppendWrapped(out, "# ", std::string(50, 'a') + " " + std::string(47, 'b') + " c");
  EXPECT_EQ(out, "# " + std::string(50, 'a') + " " + std::string(47, 'b') + "\n# c\n");
  out.clear();
  AppendWrapped(out, "", std::string(200, 'a') + " b");
  EXPECT_EQ(out, std::string(200, 'a') + "\nb\n");
  out.clear();
  AppendWrapped(out, "# ", "");
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace netstack
