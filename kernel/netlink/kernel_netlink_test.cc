// The conversation with the real kernel; needs no privilege.
#include <gtest/gtest.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <set>
#include <string>

#include "kernel/netlink/attribute.h"
#include "kernel/netlink/generic.h"
#include "kernel/netlink/netlink.h"

namespace netstack {
namespace {

std::unique_ptr<NetlinkPort> Open(int protocol) {
  Result<std::unique_ptr<NetlinkPort>> port = MakeKernelNetlinkSource()->Open(protocol);
  if (!port) {
    ADD_FAILURE() << port.error().Describe();
    return nullptr;
  }
  return std::move(*port);
}

TEST(KernelNetlink, ListsTheLoopbackDeviceEachTime) {
  const auto port = Open(NETLINK_ROUTE);
  NetlinkBuilder request;
  request.AddHeader(ifinfomsg{});
  for (int round = 0; round < 3; ++round) {
    std::set<std::string> names;
    const Status asked = port->Request(
        RTM_GETLINK, NLM_F_DUMP, request.payload(),
        [&names](const NetlinkMessage& message) {
          EXPECT_EQ(message.type, RTM_NEWLINK);
          NetlinkAttributes attributes(AfterHeader(message.payload, sizeof(ifinfomsg)));
          NetlinkAttribute attribute;
          while (attributes.Next(attribute)) {
            if (attribute.type == IFLA_IFNAME) names.emplace(attribute.Text());
          }
          EXPECT_FALSE(attributes.malformed());
        },
        [&names] { names.clear(); });
    ASSERT_TRUE(asked) << asked.error().Describe();
    EXPECT_EQ(names.count("lo"), 1u);
  }
}

TEST(KernelNetlink, SaysThatADeviceDoesNotExistAndGoesOn) {
  const auto port = Open(NETLINK_ROUTE);
  ifinfomsg header = {};
  header.ifi_index = 0x7ffffff0;
  NetlinkBuilder request;
  request.AddHeader(header);
  int messages = 0;
  const NetlinkVisitor count = [&messages](const NetlinkMessage&) { ++messages; };
  const Status missing = port->Request(RTM_GETLINK, 0, request.payload(), count, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kAbsent);
  header.ifi_index = 1;
  request.Clear();
  request.AddHeader(header);
  ASSERT_TRUE(port->Request(RTM_GETLINK, 0, request.payload(), count, {}));
  EXPECT_EQ(messages, 1);
}

TEST(KernelNetlink, FindsGenericFamiliesByName) {
  const auto port = Open(NETLINK_GENERIC);
  const Result<GenericFamily> control = ResolveGenericFamily(*port, "nlctrl");
  ASSERT_TRUE(control) << control.error().Describe();
  EXPECT_EQ(control->id, GENL_ID_CTRL);
  ASSERT_EQ(control->groups.size(), 1u);
  EXPECT_EQ(control->groups[0].name, "notify");
  const Result<GenericFamily> missing = ResolveGenericFamily(*port, "no_such");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kAbsent);
  EXPECT_EQ(missing.error().path, "netlink generic family no_such");
}

TEST(KernelNetlink, SaysThatAProtocolDoesNotExist) {
  const auto port = MakeKernelNetlinkSource()->Open(31);
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().kind, ErrorKind::kUnsupported);
  EXPECT_EQ(port.error().path, "netlink 31");
}

}  // namespace
}  // namespace netstack
