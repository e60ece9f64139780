#include "kernel/directory_inodes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace netstack {
namespace {

class DirectoryInodesTest : public testing::Test {
 protected:
  DirectoryInodesTest() {
    char name[] = "/tmp/netstack_inodes.XXXXXX";
    root_ = mkdtemp(name);
    std::filesystem::create_directories(root_ + "/a/b");
    std::filesystem::create_directories(root_ + "/c");
    std::ofstream(root_ + "/file") << "\n";
    std::filesystem::create_directory_symlink("a", root_ + "/link");
  }
  ~DirectoryInodesTest() override { std::filesystem::remove_all(root_); }

  std::vector<std::string> Paths(std::size_t most) {
    EXPECT_TRUE(ListDirectoryInodes(root_, most, found_));
    std::vector<std::string> paths;
    for (const DirectoryInode& one : found_) paths.push_back(one.path);
    std::ranges::sort(paths);
    return paths;
  }

  std::string root_;
  std::vector<DirectoryInode> found_;
};

TEST_F(DirectoryInodesTest, FindsEveryDirectoryAndNoLink) {
  EXPECT_EQ(Paths(100), (std::vector<std::string>{"/", "/a", "/a/b", "/c"}));
  EXPECT_TRUE(std::ranges::is_sorted(found_, {}, &DirectoryInode::inode));
  for (const DirectoryInode& one : found_) EXPECT_EQ(one.inode, InodeOf(root_ + one.path));
}

TEST_F(DirectoryInodesTest, TakesTheUpperOnesWhenThereAreTooMany) {
  EXPECT_EQ(Paths(3), (std::vector<std::string>{"/", "/a", "/c"}));
}

TEST_F(DirectoryInodesTest, SaysThatThereIsNoRoot) {
  const Status listed = ListDirectoryInodes(root_ + "/none", 9, found_);
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().kind, ErrorKind::kAbsent);
}

}  // namespace
}  // namespace netstack
