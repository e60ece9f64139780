#include "collectors/sockets/owner_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "collectors/loopback_test_sockets.h"
#include "collectors/sockets/cgroup_owners.h"
#include "collectors/sockets/process_owners.h"

namespace netstack::sockets {
namespace {

using ::testing::ElementsAre;

// The owner of a socket is what its inode says.
class MadeOwners : public SocketOwners {
 public:
  explicit MadeOwners(std::vector<std::string>& names) : names_(names) {}
  Status Read() override { return {}; }
  std::uint32_t OwnerOf(const InetSocket& socket) const override {
    return socket.inode < names_.size() ? socket.inode : kNobody;
  }
  std::size_t size() const override { return names_.size(); }
  std::string_view NameOf(std::uint32_t owner) const override { return names_[owner]; }

 private:
  std::vector<std::string>& names_;
};

class OwnerGroupsTest : public testing::Test {
 protected:
  // A walk over sockets of these owners, by number.
  void Walk(std::initializer_list<std::uint32_t> owners) {
    ASSERT_TRUE(groups_.Begin());
    for (const std::uint32_t owner : owners) ++groups_.Of({.inode = owner}).sums.sockets;
  }
  std::vector<std::string> Groups() {
    std::vector<std::string> out;
    for (const SocketGroup& group : groups_.groups()) {
      out.push_back(group.name + " " + std::to_string(group.sums.sockets));
    }
    return out;
  }

  std::vector<std::string> names_ = {"a", "b", "aa", "c"};
  OwnerGroups groups_{std::make_unique<MadeOwners>(names_), "of:", 2};
};

TEST_F(OwnerGroupsTest, AreThoseOfTheFirstOwnersAndOther) {
  Walk({2, 0, 2, 1, 3, 9});
  EXPECT_THAT(Groups(), ElementsAre("of:aa 2", "of:a 1", "other 3"));
}

TEST_F(OwnerGroupsTest, StayFromWalkToWalkWhileTheyHaveConnections) {
  Walk({0, 1});
  names_ = {"c", "b", "a"};  // The numbers are others, the names are not.
  Walk({0, 1, 2});
  EXPECT_THAT(Groups(), ElementsAre("of:a 1", "of:b 1", "other 1"));
  Walk({1});
  EXPECT_THAT(Groups(), ElementsAre("of:a 0", "of:b 1", "other 0"));
  Walk({0, 1});
  EXPECT_THAT(Groups(), ElementsAre("of:b 1", "of:c 1", "other 0"));
}

// Directories stand for control groups: their inodes are the groups' numbers.
class CgroupOwnersTest : public testing::Test {
 protected:
  CgroupOwnersTest() {
    char name[] = "/tmp/netstack_cgroups.XXXXXX";
    root_ = mkdtemp(name);
    Make("/system.slice/nginx.service");
    std::ofstream(root_ / "cgroup.controllers") << "memory\n";
  }
  ~CgroupOwnersTest() override { std::filesystem::remove_all(root_); }

  void Make(const std::string& below) {
    std::filesystem::create_directories(root_.string() + below);
  }
  std::string OwnerOf(const std::string& below) {
    const std::uint64_t id = InodeOf(root_.string() + below).value_or(0);
    const std::uint32_t owner = owners_->OwnerOf({.cgroup_id = id});
    return owner == SocketOwners::kNobody ? "nobody" : std::string(owners_->NameOf(owner));
  }

  std::filesystem::path root_;
  std::unique_ptr<CgroupOwners> owners_;
};

TEST_F(CgroupOwnersTest, AreNamedByTheirPathBelowTheMountPoint) {
  owners_ = std::make_unique<CgroupOwners>(std::vector<std::string>{"/nowhere", root_.string()});
  ASSERT_TRUE(owners_->Read());
  EXPECT_EQ(OwnerOf("/system.slice/nginx.service"), "/system.slice/nginx.service");
  EXPECT_EQ(OwnerOf("/system.slice"), "/system.slice");
  EXPECT_EQ(OwnerOf(""), "/");
}

TEST_F(CgroupOwnersTest, AreLookedForAgainWhenOneIsUnknown) {
  owners_ = std::make_unique<CgroupOwners>(std::vector<std::string>{root_.string()});
  ASSERT_TRUE(owners_->Read());
  Make("/new");
  ASSERT_TRUE(owners_->Read());
  EXPECT_EQ(OwnerOf("/new"), "nobody") << "nothing was unknown so far";
  ASSERT_TRUE(owners_->Read());
  EXPECT_EQ(OwnerOf("/new"), "/new");
}

TEST_F(CgroupOwnersTest, AreAbsentWhereVersionTwoIsNotMounted) {
  std::filesystem::remove(root_ / "cgroup.controllers");
  owners_ = std::make_unique<CgroupOwners>(std::vector<std::string>{root_.string()});
  const Status read = owners_->Read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kAbsent);
  EXPECT_EQ(OwnerOf("/system.slice"), "nobody");
}

TEST(ProcessOwnersTest, KnowsTheProcessOfASocket) {
  const LoopbackSocket socket(AF_INET, SOCK_STREAM);
  struct stat info = {};
  ASSERT_EQ(fstat(socket.fd(), &info), 0);
  ProcessOwners owners("/proc");
  const Status read = owners.Read();
  EXPECT_TRUE(read || read.error().kind == ErrorKind::kNoPermission);
  const std::uint32_t owner = owners.OwnerOf({.inode = static_cast<std::uint32_t>(info.st_ino)});
  ASSERT_LT(owner, owners.size());
  std::string comm;
  std::getline(std::ifstream("/proc/self/comm"), comm);
  EXPECT_EQ(owners.NameOf(owner), comm);
  EXPECT_EQ(owners.OwnerOf({.inode = 0}), SocketOwners::kNobody) << "nobody holds it";
}

}  // namespace
}  // namespace netstack::sockets
