#include "collectors/netns/owner_name.h"

#include <gtest/gtest.h>

namespace netstack::netns {
namespace {

const std::string kId = "4f2c7e1b9a8d0c3e5f6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f7a8b9c0";

TEST(OwnerName, IsTheShortIdOfAContainer) {
  for (const std::string& path :
       {"0::/system.slice/docker-" + kId + ".scope\n", "0::/docker/" + kId + "\n",
        "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + kId + ".scope\n",
        "0::/machine.slice/libpod-" + kId + ".scope/container\n",
        "12:memory:/\n3:net_cls:/docker/" + kId + "\n"}) {
    EXPECT_EQ(OwnerName(path), "4f2c7e1b9a8d") << path;
  }
}

TEST(OwnerName, IsThatOfTheContainerForAServiceInside) {
  EXPECT_EQ(OwnerName("0::/machine.slice/machine-web.scope/system.slice/nginx.service\n"), "web");
}

TEST(OwnerName, IsThatOfAMachine) {
  EXPECT_EQ(OwnerName("0::/machine.slice/systemd-nspawn@db.service/payload\n"), "db");
  EXPECT_EQ(OwnerName("0::/lxc.payload.mail/init.scope\n"), "mail");
}

TEST(OwnerName, IsTheUnitOfAService) {
  EXPECT_EQ(OwnerName("0::/system.slice/chrony.service\n"), "chrony.service");
}

TEST(OwnerName, IsNothingForASession) {
  EXPECT_EQ(OwnerName("0::/user.slice/user-0.slice/session-1.scope\n"), "");
  EXPECT_EQ(OwnerName("0::/\n"), "");
  EXPECT_EQ(OwnerName(""), "");
  EXPECT_EQ(OwnerName("no colons\n:one\n"), "");
  EXPECT_EQ(OwnerName("0::/system.slice/docker-abc.scope\n"), "");
  EXPECT_EQ(OwnerName("0::/.service\n"), "");
}

}  // namespace
}  // namespace netstack::netns
