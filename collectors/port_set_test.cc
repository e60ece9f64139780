#include "collectors/port_set.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace netstack {
namespace {

TEST(PortSetTest, HoldsPortsAndRanges) {
  PortSet ports;
  EXPECT_TRUE(ports.empty());
  ASSERT_TRUE(ports.Add(std::vector<std::string>{"80", "8000-8002", "65535", "0"}, "x"));
  for (const std::uint16_t port : std::to_array<std::uint16_t>({80, 8000, 8001, 8002, 65535, 0}))
    EXPECT_TRUE(ports.Has(port));
  for (const std::uint16_t port : std::to_array<std::uint16_t>({79, 81, 7999, 8003, 65534, 1}))
    EXPECT_FALSE(ports.Has(port));
}

TEST(PortSetTest, NamesWhatIsNoPort) {
  for (const std::string item :
       {"", "http", "65536", "-1", "80-", "-80", "90-80", "1-2-3", " 80"}) {
    PortSet ports;
    const Status added = ports.Add(std::vector<std::string>{"1", item}, "listeners.ports-include");
    ASSERT_FALSE(added) << item;
    EXPECT_EQ(added.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(added.error().Describe(),
              "listeners.ports-include: not a port or a range of ports: '" + item + "'");
  }
}

}  // namespace
}  // namespace netstack
