// News of the real kernel. Making some needs a network namespace, which needs privilege.
#include "kernel/netlink/group_listener.h"

#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "kernel/netlink/attribute.h"

namespace netstack {
namespace {

// Sets lo up or down in this thread's namespace.
bool SetLoopback(bool up) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request = {};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = static_cast<short>(up ? IFF_UP : 0);
  const bool done = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  close(fd);
  return done;
}

std::vector<std::string> DevicesInNews(NetlinkListener& listener) {
  std::vector<std::string> names;
  const Status heard = listener.TakeNews([&](const NetlinkMessage& message) {
    EXPECT_EQ(message.type, RTM_NEWLINK);
    NetlinkAttributes attributes(AfterHeader(message.payload, sizeof(ifinfomsg)));
    NetlinkAttribute attribute;
    while (attributes.Next(attribute)) {
      if (attribute.type == IFLA_IFNAME) names.emplace_back(attribute.Text());
    }
  });
  EXPECT_TRUE(heard) << heard.error().Describe();
  return names;
}

TEST(GroupListener, HearsOnceOfEachChangeAndDoesNotWait) {
  bool skipped = false;
  std::thread elsewhere([&skipped] {
    if (unshare(CLONE_NEWNET) != 0) {
      skipped = true;
      return;
    }
    auto listener = MakeKernelNetlinkSource()->Listen(NETLINK_ROUTE, RTNLGRP_LINK);
    ASSERT_TRUE(listener) << listener.error().Describe();
    EXPECT_TRUE(DevicesInNews(**listener).empty());
    ASSERT_TRUE(SetLoopback(true));
    ASSERT_TRUE(SetLoopback(false));
    EXPECT_EQ(DevicesInNews(**listener), (std::vector<std::string>{"lo", "lo"}));
    EXPECT_TRUE(DevicesInNews(**listener).empty());
  });
  elsewhere.join();
  if (skipped) GTEST_SKIP() << "no privilege for a network namespace";
}

TEST(GroupListener, SaysThatAGroupDoesNotExist) {
  const auto listener = MakeKernelNetlinkSource()->Listen(NETLINK_ROUTE, 1'000'000);
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().path, "netlink route group 1000000");
}

}  // namespace
}  // namespace netstack
