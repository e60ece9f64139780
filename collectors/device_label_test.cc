#include "collectors/device_label.h"

#include <gtest/gtest.h>

namespace netstack {
namespace {

TEST(DeviceLabel, KeepsUtf8) {
  EXPECT_EQ(DeviceLabel("eth0.7@\""), "eth0.7@\"");
  EXPECT_EQ(DeviceLabel("gr\xc3\xbc\xc3\x9f\xe2\x82\xac\xf0\x9f\x90\xa7"),
            "gr\xc3\xbc\xc3\x9f\xe2\x82\xac\xf0\x9f\x90\xa7");
}

TEST(DeviceLabel, SpellsOutBytesThatAreNotUtf8) {
  EXPECT_EQ(DeviceLabel("a\xff"), "a\\xff");
  EXPECT_EQ(DeviceLabel("\xc3"), "\\xc3") << "cut";
  EXPECT_EQ(DeviceLabel("\xc0\x80"), "\\xc0\\x80") << "too long for its number";
  EXPECT_EQ(DeviceLabel("\xe0\x80\x80"), "\\xe0\\x80\\x80");
  EXPECT_EQ(DeviceLabel("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "half of a pair";
  EXPECT_EQ(DeviceLabel("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
  EXPECT_EQ(DeviceLabel("\xc3(b"), "\\xc3(b");
}

TEST(DeviceLabel, GivesEachNameALabelOfItsOwn) {
  EXPECT_NE(DeviceLabel("a\\xff"), DeviceLabel("a\xff"));
}

TEST(IsPathPart, RefusesWhatWouldLeaveItsDirectory) {
  EXPECT_TRUE(IsPathPart("eth0"));
  EXPECT_TRUE(IsPathPart("0000:00:1f.6"));
  for (const std::string_view name : {"", ".", "..", "a/b", "../eth0"}) {
    EXPECT_FALSE(IsPathPart(name)) << name;
  }
}

}  // namespace
}  // namespace netstack
