#include "kernel/netlink/attribute.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "kernel/netlink/builder.h"

namespace netstack {
namespace {

using Walked = std::vector<std::pair<int, std::string>>;

Walked Walk(std::span<const std::byte> bytes) {
  Walked out;
  NetlinkAttributes attributes(bytes);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) out.emplace_back(attribute.type, attribute.Text());
  return out;
}

TEST(NetlinkAttributes, AreReadAsTheyWereBuilt) {
  NetlinkBuilder builder;
  builder.AddText(3, "eth0");
  builder.AddU8(4, 200);
  builder.AddU16(5, 60000);
  builder.AddU32(6, 4000000000u);
  const std::size_t nest = builder.BeginNest(7);
  builder.AddText(1, "veth");
  builder.EndNest(nest);
  NetlinkAttributes attributes(builder.payload());
  NetlinkAttribute attribute;
  ASSERT_TRUE(attributes.Next(attribute));
  EXPECT_EQ(attribute.Text(), "eth0");
  EXPECT_EQ(attribute.data.size(), 5u) << "the NUL is part of the attribute";
  ASSERT_TRUE(attributes.Next(attribute));
  EXPECT_EQ(attribute.U8(), 200);
  EXPECT_EQ(attribute.U16(), std::nullopt);
  ASSERT_TRUE(attributes.Next(attribute));
  EXPECT_EQ(attribute.U16(), 60000);
  ASSERT_TRUE(attributes.Next(attribute));
  EXPECT_EQ(attribute.U32(), 4000000000u);
  EXPECT_EQ(attribute.Uint(), 4000000000u);
  EXPECT_EQ(attribute.U64(), std::nullopt);
  ASSERT_TRUE(attributes.Next(attribute));
  EXPECT_EQ(attribute.type, 7) << "without the nested bit";
  EXPECT_EQ(Walk(attribute.data), (Walked{{1, "veth"}}));
  EXPECT_FALSE(attributes.Next(attribute));
  EXPECT_FALSE(attributes.malformed());
}

TEST(NetlinkAttributes, NeedNoPaddingAfterTheLast) {
  NetlinkBuilder builder;
  builder.AddU8(4, 'x');
  EXPECT_EQ(Walk(builder.payload().first(5)), (Walked{{4, "x"}}));
}

TEST(NetlinkAttributes, EndAtWhatDoesNotFit) {
  const std::vector<std::vector<int>> hostile = {
      {8, 0, 1, 0, 1, 1, 1},       // Longer than the message.
      {3, 0, 1, 0},                // Shorter than its own header: would never end.
      {0, 0, 0, 0},                // The same.
      {4, 0, 1},                   // Half a header.
      {255, 255, 255, 255, 1, 2},  // All bits.
  };
  for (const std::vector<int>& numbers : hostile) {
    std::vector<std::byte> bytes;
    for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
    NetlinkAttributes attributes(bytes);
    NetlinkAttribute attribute;
    EXPECT_FALSE(attributes.Next(attribute));
    EXPECT_TRUE(attributes.malformed());
    EXPECT_FALSE(attributes.Next(attribute)) << "and does not start again";
  }
}

TEST(NetlinkBuilder, GivesNothingWhenSomethingDidNotFit) {
  NetlinkBuilder builder;
  builder.AddText(1, std::string(507, 'x'));
  EXPECT_EQ(builder.payload().size(), 512u);
  builder.AddU8(2, 1);
  EXPECT_TRUE(builder.payload().empty());
  builder.Clear();
  builder.AddU8(2, 1);
  EXPECT_EQ(builder.payload().size(), 8u);
}

}  // namespace
}  // namespace netstack
