#include "collectors/link/device_table.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <memory>
#include <utility>

#include "collectors/link/link_test_host.h"

namespace netstack::link {
namespace {

class DeviceTableTest : public testing::Test {
 protected:
  void Have(const std::vector<Made>& devices) {
    netlink_.messages.clear();
    for (const Made& device : devices) netlink_.messages.push_back(Message(device));
  }
  Status Refresh() { return table_.Refresh(*port_); }
  std::string LabelOf(std::uint32_t index) const {
    const NamedDevice* const device = table_.Find(index);
    return device == nullptr ? "none" : std::string(device->label);
  }

  MadeKernel netlink_;
  Kernel kernel_{.roots = {.procfs = "/nowhere", .sysfs = "/nowhere", .rootfs = "/nowhere"},
                 .netlink = netlink_};
  std::unique_ptr<NetlinkPort> port_ = std::move(*netlink_.Open(NETLINK_ROUTE));
  DeviceTable table_{kernel_, DevicePolicy{}};
};

TEST_F(DeviceTableTest, FindsDevicesByIndexWhateverTheirOrder) {
  Have({{.index = 9, .name = "eth9", .parent = "0000:00:03.0"},
        {.index = 2, .name = "a\xff"},
        {.index = 5, .name = "v0", .kind = "veth", .lower_in_other_netns = true}});
  ASSERT_TRUE(Refresh());
  EXPECT_EQ(LabelOf(9), "eth9");
  EXPECT_EQ(LabelOf(2), "a\\xff");
  EXPECT_EQ(table_.Find(5)->treatment, DeviceTreatment::kSummed);
  EXPECT_EQ(table_.Find(9)->treatment, DeviceTreatment::kShown);
  EXPECT_EQ(LabelOf(3), "none");
}

TEST_F(DeviceTableTest, ForgetsWhatIsGoneAndWhatWasInterrupted) {
  Have({{.index = 2}, {.index = 3, .name = "eth1"}});
  netlink_.interrupt = true;
  ASSERT_TRUE(Refresh());
  EXPECT_EQ(LabelOf(2), "eth0");
  EXPECT_EQ(LabelOf(3), "eth1");
  Have({{.index = 3, .name = "lan1"}});
  ASSERT_TRUE(Refresh());
  EXPECT_EQ(LabelOf(2), "none");
  EXPECT_EQ(LabelOf(3), "lan1");
}

TEST_F(DeviceTableTest, KnowsNothingAfterAFailure) {
  Have({{.index = 2}});
  ASSERT_TRUE(Refresh());
  netlink_.failure = Error{.kind = ErrorKind::kTimeout, .path = "netlink route", .what = "late"};
  EXPECT_FALSE(Refresh());
  EXPECT_EQ(LabelOf(2), "none");
}

// Hears of links what the test says.
class TellingKernel : public MadeKernel {
 public:
  bool has_news = false;

  Result<std::unique_ptr<NetlinkListener>> Listen(int, std::uint32_t) override {
    return std::unique_ptr<NetlinkListener>(std::make_unique<Listener>(*this));
  }

 private:
  class Listener : public NetlinkListener {
   public:
    explicit Listener(TellingKernel& kernel) : kernel_(kernel) {}
    Status TakeNews(const NetlinkVisitor& visit) override {
      if (std::exchange(kernel_.has_news, false)) visit({.type = RTM_NEWLINK, .payload = {}});
      return {};
    }

   private:
    TellingKernel& kernel_;
  };
};

TEST(DeviceTableWithNews, IsAskedForAgainAtNewsAndAfterAFailure) {
  TellingKernel netlink;
  const Kernel kernel{.roots = {.procfs = "/nowhere", .sysfs = "/nowhere", .rootfs = "/nowhere"},
                      .netlink = netlink};
  const std::unique_ptr<NetlinkPort> port = std::move(*netlink.Open(NETLINK_ROUTE));
  DeviceTable table(kernel, DevicePolicy{});
  netlink.messages = {Message({.index = 2})};
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(table.Refresh(*port));
  netlink.messages = {Message({.index = 3})};
  ASSERT_TRUE(table.Refresh(*port));
  EXPECT_NE(table.Find(2), nullptr) << "nobody told of a change";
  netlink.has_news = true;
  ASSERT_TRUE(table.Refresh(*port));
  EXPECT_EQ(table.Find(2), nullptr);
  EXPECT_NE(table.Find(3), nullptr);
  netlink.has_news = true;
  netlink.failure = Error{.kind = ErrorKind::kTimeout, .path = "netlink route", .what = "late"};
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(table.Refresh(*port));
  netlink.failure.reset();
  ASSERT_TRUE(table.Refresh(*port));
  EXPECT_NE(table.Find(3), nullptr);
}

TEST(DeviceTableWithNews, HearsNothingWhereAListenerWouldKeepANamespace) {
  TellingKernel netlink;
  const Kernel kernel{.roots = {.procfs = "/nowhere", .sysfs = "/nowhere", .rootfs = "/nowhere"},
                      .netlink = netlink,
                      .file_life = FileLife::kClosedAfterReading};
  const std::unique_ptr<NetlinkPort> port = std::move(*netlink.Open(NETLINK_ROUTE));
  DeviceTable table(kernel, DevicePolicy{});
  for (std::uint32_t index = 2; index < 7; ++index) {
    netlink.messages = {Message({.index = static_cast<int>(index)})};
    ASSERT_TRUE(table.Refresh(*port));
    EXPECT_NE(table.Find(index), nullptr);
  }
}

}  // namespace
}  // namespace netstack::link
