#include "kernel/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace netstack {
namespace {

class FileTest : public testing::Test {
 protected:
  FileTest() {
    char name[] = "/tmp/netstack_file_test.XXXXXX";
    directory_ = mkdtemp(name);
  }
  ~FileTest() override { std::filesystem::remove_all(directory_); }
  std::string Write(const std::string& text) {
    const std::string path = directory_ / "file";
    std::ofstream(path) << text;
    return path;
  }
  std::filesystem::path directory_;
};

TEST_F(FileTest, ReadsAKernelFileAnewEachTime) {
  File file("/proc/self/stat");
  const Result<std::string_view> first = file.Read();
  ASSERT_TRUE(first);
  const std::string before(*first);
  EXPECT_EQ(before.substr(0, before.find(' ')), std::to_string(getpid()));
  File loadavg("/proc/uptime");
  ASSERT_TRUE(loadavg.Read());
  const std::string then(*loadavg.Read());
  usleep(30000);
  EXPECT_NE(then, *loadavg.Read()) << "the kept descriptor gave old content";
}

TEST_F(FileTest, SeesThatAFixtureChanged) {
  File file(Write("one"));
  EXPECT_EQ(*file.Read(), "one");
  std::filesystem::remove(directory_ / "file");
  Write("two");
  EXPECT_EQ(*file.Read(), "two");
}

TEST_F(FileTest, ReadsFilesLargerThanItsFirstBuffer) {
  const std::string large(100000, 'x');
  EXPECT_EQ(*File(Write(large)).Read(), large);
}

// The kernel gives the numbers of a sysctl to a read at offset 0 only.
TEST_F(FileTest, ReadsASysctlWholeEvenWhenTheSizeGivenIsTooSmall) {
  const std::string whole = *ReadFile("/proc/sys/net/ipv4/tcp_rmem");
  for (const std::size_t size :
       {std::size_t{1}, whole.size() - 1, whole.size(), std::size_t{256}}) {
    File file("/proc/sys/net/ipv4/tcp_rmem", nullptr, size);
    EXPECT_EQ(*file.Read(), whole) << size;
    EXPECT_EQ(*file.Read(), whole) << size;
  }
}

TEST_F(FileTest, ReadsAFixtureToItsEndWhateverTheSizeGiven) {
  File file(Write("0123456789"), nullptr, 4);
  EXPECT_EQ(*file.Read(), "0123456789");
  EXPECT_EQ(*file.Read(), "0123456789");
}

TEST_F(FileTest, TellsAbsenceFromPresence) {
  EXPECT_FALSE(*FileExists(directory_ / "file"));
  EXPECT_FALSE(*FileExists(Write("") + "/below_a_file"));
  EXPECT_TRUE(*FileExists(directory_ / "file"));
  EXPECT_TRUE(*FileExists(directory_));
}

TEST_F(FileTest, DoesNotCallAFailedLookAbsence) {
  const Result<bool> exists = FileExists(directory_ / std::string(300, 'x'));
  ASSERT_FALSE(exists.ok());
  EXPECT_EQ(exists.error().kind, ErrorKind::kIo);
}

TEST_F(FileTest, RecoversWhenTheFileComesBack) {
  File file(directory_ / "file");
  const Result<std::string_view> missing = file.Read();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kAbsent);
  Write("back");
  EXPECT_EQ(*file.Read(), "back");
}

class Recorder : public FileObserver {
 public:
  void OnFileRead(std::string_view path, std::string_view bytes) override {
    seen += std::string(path) + "=" + std::string(bytes);
  }
  std::string seen;
};

TEST_F(FileTest, TellsTheObserverWhatWasRead) {
  Recorder recorder;
  const std::string path = Write("text");
  ASSERT_TRUE(ReadFile(path, &recorder));
  EXPECT_EQ(recorder.seen, path + "=text");
}

}  // namespace
}  // namespace netstack
