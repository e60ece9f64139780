#include "kernel/directory.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace netstack {
namespace {

class DirectoryTest : public testing::Test {
 protected:
  DirectoryTest() {
    std::string name = testing::TempDir() + "netstack_directory_test.XXXXXX";
    directory_ = mkdtemp(name.data());
  }
  ~DirectoryTest() override { std::filesystem::remove_all(directory_); }
  std::filesystem::path directory_;
};

TEST_F(DirectoryTest, ListsByNameAndTakesLinksToDirectoriesForDirectories) {
  std::filesystem::create_directory(directory_ / "b");
  std::ofstream(directory_ / "c") << "text";
  std::filesystem::create_symlink("b", directory_ / "a");
  std::filesystem::create_symlink("nowhere", directory_ / "d");
  std::vector<DirectoryEntry> entries = {{"old", false}};
  ASSERT_TRUE(ListDirectory(directory_, entries));
  EXPECT_EQ(entries,
            (std::vector<DirectoryEntry>{{"a", true}, {"b", true}, {"c", false}, {"d", false}}));
}

TEST_F(DirectoryTest, ReadsLinksAsTheyAreWritten) {
  std::filesystem::create_symlink("../../bus/virtio/drivers/virtio_net", directory_ / "driver");
  const Result<std::string> target = ReadLink(directory_ / "driver");
  ASSERT_TRUE(target);
  EXPECT_EQ(*target, "../../bus/virtio/drivers/virtio_net");
  EXPECT_EQ(BaseName(*target), "virtio_net");
  EXPECT_EQ(BaseName("plain"), "plain");
}

TEST_F(DirectoryTest, NamesWhatIsMissing) {
  std::vector<DirectoryEntry> entries;
  const Status listed = ListDirectory(directory_ / "gone", entries);
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().kind, ErrorKind::kAbsent);
  const Result<std::string> link = ReadLink(directory_ / "gone");
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, ErrorKind::kAbsent);
  EXPECT_EQ(link.error().path, directory_ / "gone");
}

}  // namespace
}  // namespace netstack
