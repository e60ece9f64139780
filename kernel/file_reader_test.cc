#include "kernel/file_reader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace netstack {
namespace {

class FileReaderTest : public testing::Test, public FileObserver {
 protected:
  FileReaderTest() {
    std::string name = testing::TempDir() + "netstack_file_reader_test.XXXXXX";
    directory_ = mkdtemp(name.data());
  }
  ~FileReaderTest() override { std::filesystem::remove_all(directory_); }
  std::string Put(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name) << text;
    return directory_ / name;
  }
  void OnFileRead(std::string_view path, std::string_view bytes) override {
    seen_.push_back(std::string(path) + "=" + std::string(bytes));
  }

  std::filesystem::path directory_;
  std::vector<std::string> seen_;
};

TEST_F(FileReaderTest, ReadsOneFileAfterTheOtherAndTellsTheObserver) {
  FileReader reader(this);
  const std::string a = Put("a", "1000\n");
  const std::string b = Put("b", "7\n");
  EXPECT_EQ(*reader.Read(a), "1000\n");
  EXPECT_EQ(*reader.Read(b), "7\n");
  EXPECT_EQ(seen_, (std::vector<std::string>{a + "=1000\n", b + "=7\n"}));
}

TEST_F(FileReaderTest, GivesAPageAtMost) {
  FileReader reader(nullptr);
  EXPECT_EQ(reader.Read(Put("a", std::string(10'000, 'x')))->size(), FileReader::kLargest);
}

TEST_F(FileReaderTest, NamesTheFileThatIsNotThere) {
  FileReader reader(this);
  const std::string path = directory_ / "none";
  const auto text = reader.Read(path);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, ErrorKind::kAbsent);
  EXPECT_EQ(text.error().path, path);
  EXPECT_TRUE(seen_.empty());
}

TEST_F(FileReaderTest, FailsOnADirectory) {
  FileReader reader(nullptr);
  EXPECT_FALSE(reader.Read(directory_));
}

TEST(FileReader, ReadsAKernelFile) {
  FileReader reader(nullptr);
  EXPECT_FALSE(reader.Read("/proc/self/comm")->empty());
}

TEST_F(FileReaderTest, FindsAFileBelowAFolderThatIsKeptOpen) {
  std::filesystem::create_directories(directory_ / "eth0/tx-0");
  const std::string path = Put("eth0/tx-0/limit", "7\n");
  const Folder folder(directory_ / "eth0/");
  FileReader reader(this);
  EXPECT_EQ(*reader.Read(path, folder), "7\n");
  EXPECT_EQ(seen_, std::vector<std::string>{path + "=7\n"});
  // The folder was found already, whatever its name is now.
  std::filesystem::rename(directory_ / "eth0", directory_ / "eth1");
  EXPECT_EQ(*reader.Read(path, folder), "7\n");
  std::filesystem::remove_all(directory_ / "eth1");
  EXPECT_EQ(reader.Read(path, folder).error().kind, ErrorKind::kAbsent);
}

TEST_F(FileReaderTest, WalksTheWholePathWhereTheFolderCouldNotBeOpened) {
  const Folder folder(directory_ / "eth0/");
  EXPECT_LT(folder.fd(), 0);
  std::filesystem::create_directories(directory_ / "eth0");
  EXPECT_EQ(*FileReader(nullptr).Read(Put("eth0/limit", "8\n"), folder), "8\n");
}

}  // namespace
}  // namespace netstack
