#include "kernel/netlink/open_once.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netlink.h>

#include <optional>
#include <vector>

namespace netstack {
namespace {

using ::testing::ElementsAre;

class IdlePort : public NetlinkPort {
 public:
  Status Request(std::uint16_t, std::uint16_t, std::span<const std::byte>, const NetlinkVisitor&,
                 const std::function<void()>&) override {
    return {};
  }
};

class Source : public NetlinkSource {
 public:
  std::vector<int> asked;
  std::optional<Error> failure = {};

  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    asked.push_back(protocol);
    if (failure) return *failure;
    return std::unique_ptr<NetlinkPort>(std::make_unique<IdlePort>());
  }
};

TEST(OpenOnce, KeepsThePortThatIsThere) {
  Source source;
  std::unique_ptr<NetlinkPort> port;
  ASSERT_TRUE(OpenOnce(source, NETLINK_ROUTE, port));
  const NetlinkPort* const first = port.get();
  ASSERT_NE(first, nullptr);
  ASSERT_TRUE(OpenOnce(source, NETLINK_ROUTE, port));
  EXPECT_EQ(port.get(), first);
  EXPECT_THAT(source.asked, ElementsAre(NETLINK_ROUTE));
}

TEST(OpenOnce, TriesAgainAfterAnError) {
  Source source;
  source.failure = Error{.kind = ErrorKind::kUnsupported, .what = "no such protocol"};
  std::unique_ptr<NetlinkPort> port;
  const Status refused = OpenOnce(source, NETLINK_SOCK_DIAG, port);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "no such protocol");
  EXPECT_EQ(port, nullptr);
  source.failure.reset();
  ASSERT_TRUE(OpenOnce(source, NETLINK_SOCK_DIAG, port));
  EXPECT_NE(port, nullptr);
}

}  // namespace
}  // namespace netstack
