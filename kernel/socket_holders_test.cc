#include "kernel/socket_holders.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace netstack {
namespace {

// A /proc with processes that a test makes up.
class SocketHoldersTest : public testing::Test {
 protected:
  SocketHoldersTest() {
    char name[] = "/tmp/netstack_holders.XXXXXX";
    proc_ = mkdtemp(name);
  }
  ~SocketHoldersTest() override { std::filesystem::remove_all(proc_); }

  void Process(const std::string& pid, const std::string& comm,
               const std::vector<std::string>& links) {
    std::filesystem::create_directories(proc_ / pid / "fd");
    std::ofstream(proc_ / pid / "comm") << comm << "\n";
    for (std::size_t i = 0; i < links.size(); ++i) {
      std::filesystem::create_symlink(links[i], proc_ / pid / "fd" / std::to_string(i));
    }
  }
  std::string NameOf(std::uint32_t inode) {
    const std::uint32_t number = holders().NameNumber(inode);
    return number == SocketHolders::kNobody ? "nobody" : holders().names()[number];
  }
  SocketHolders& holders() {
    if (!holders_) holders_.emplace(proc_.string());
    return *holders_;
  }

  std::filesystem::path proc_;
  std::optional<SocketHolders> holders_;
};

TEST_F(SocketHoldersTest, TellsTheLowestProcessOfEachSocket) {
  Process("30", "worker", {"socket:[7]", "socket:[8]", "socket:[9]"});
  Process("4", "master", {"/dev/null", "socket:[8]", "pipe:[9]"});
  Process("31", "worker", {"socket:[10]"});
  Process("self", "nonsense", {"socket:[11]"});
  ASSERT_TRUE(holders().Read(100));
  EXPECT_EQ(NameOf(7), "worker");
  EXPECT_EQ(NameOf(8), "master");
  EXPECT_EQ(NameOf(9), "worker");
  EXPECT_EQ(NameOf(10), "worker");
  EXPECT_EQ(NameOf(11), "nobody");
  EXPECT_EQ(holders().names().size(), 2u) << "each name once";
}

TEST_F(SocketHoldersTest, LooksAtSoManyDescriptorsOnly) {
  Process("1", "a", {"socket:[1]"});
  Process("2", "b", {"socket:[2]"});
  ASSERT_TRUE(holders().Read(1));
  EXPECT_EQ(NameOf(1), "a");
  EXPECT_EQ(NameOf(2), "nobody");
}

TEST_F(SocketHoldersTest, ForgetsWhoHasGoneAndTakesWhatIsNotASocketForNothing) {
  Process("1", "a", {"socket:[1]"});
  ASSERT_TRUE(holders().Read(100));
  std::filesystem::remove_all(proc_ / "1");
  Process("2", "b", {"socket:[", "socket:[x]", "socket:[3", "anon_inode:[eventpoll]"});
  ASSERT_TRUE(holders().Read(100));
  EXPECT_EQ(NameOf(1), "nobody");
  EXPECT_TRUE(holders().names().empty());
  EXPECT_FALSE(SocketHolders("/nowhere").Read(100));
}

}  // namespace
}  // namespace netstack
