#include "kernel/record/host_recording.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "kernel/record/host_replay.h"

namespace netstack {
namespace {

namespace fs = std::filesystem;

std::span<const std::byte> AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// Answers each request with its own payload, and request 99 with an error.
class EchoSource : public NetlinkSource {
 public:
  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return std::unique_ptr<NetlinkPort>(std::make_unique<Echo>());
  }

 private:
  class Echo : public NetlinkPort {
    Status Request(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
                   const NetlinkVisitor& visit, const std::function<void()>& restart) override {
      if (type == 99) return Error{.kind = ErrorKind::kNoPermission, .path = "echo", .what = "no"};
      visit({.type = type, .flags = flags, .payload = AsBytes("torn")});
      restart();
      visit({.type = type, .flags = flags, .payload = payload});
      return {};
    }
  };
};

class HostRecordingTest : public testing::Test {
 protected:
  HostRecordingTest() {
    std::string name = testing::TempDir() + "netstack_recording_test.XXXXXX";
    top_ = mkdtemp(name.data());
    host_ = top_ / "host";
    Put("host/proc/net/snmp", "Ip: 1\n");
    Put("host/sys/bus/virtio/drivers/virtio_net/bind", "");
    Put("host/sys/devices/virtio2/speed", "1000\n");
    fs::create_directories(host_ / "sys/class/net");
    fs::create_symlink("../../devices/virtio2", host_ / "sys/class/net/eth0");
    fs::create_symlink("../../bus/virtio/drivers/virtio_net", host_ / "sys/devices/virtio2/driver");
    recording_ = std::move(*HostRecording::Start(recorded(), roots(), source_));
  }
  ~HostRecordingTest() override { fs::remove_all(top_); }

  void Put(const std::string& below, const std::string& text) {
    fs::create_directories((top_ / below).parent_path());
    std::ofstream(top_ / below) << text;
  }
  std::string recorded() const { return top_ / "recorded"; }
  Roots roots() const {
    return {.procfs = host_ / "proc", .sysfs = host_ / "sys", .rootfs = host_};
  }
  Kernel Replayed() {
    replay_ = std::move(*HostReplay::Open(recorded()));
    return replay_->kernel();
  }

  fs::path top_;
  fs::path host_;
  EchoSource source_;
  std::unique_ptr<HostRecording> recording_;
  std::unique_ptr<HostReplay> replay_;
};

TEST_F(HostRecordingTest, TellsFilesAgainFromTheirPlaceBelowTheRoots) {
  Put("host/etc/os-release", "ID=debian\n");
  const Kernel kernel = recording_->kernel();
  ASSERT_TRUE(kernel.ProcFile("net/snmp").Read());
  ASSERT_TRUE(kernel.SysFile("class/net/eth0/speed").Read());
  ASSERT_TRUE(kernel.ReadFileOnce(roots().rootfs + "/etc/os-release"));
  const Kernel replayed = Replayed();
  EXPECT_EQ(*replayed.ProcFile("net/snmp").Read(), "Ip: 1\n");
  EXPECT_EQ(*replayed.SysFile("class/net/eth0/speed").Read(), "1000\n");
  EXPECT_EQ(*replayed.ReadFileOnce(replayed.roots.rootfs + "/etc/os-release"), "ID=debian\n");
  EXPECT_FALSE(replayed.ProcFile("net/netstat").Read());
  EXPECT_EQ(recording_->failures(), 0u);
}

TEST_F(HostRecordingTest, TellsDirectoriesAndLinksAgain) {
  const Kernel kernel = recording_->kernel();
  std::vector<DirectoryEntry> before;
  ASSERT_TRUE(kernel.ListDirectory(kernel.roots.Sys("class/net/eth0"), before));
  ASSERT_TRUE(kernel.ReadLink(kernel.roots.Sys("class/net/eth0/driver")));
  ASSERT_TRUE(kernel.SysFile("class/net/eth0/speed").Read());
  const Kernel replayed = Replayed();
  std::vector<DirectoryEntry> after;
  ASSERT_TRUE(replayed.ListDirectory(replayed.roots.Sys("class/net/eth0"), after));
  EXPECT_EQ(after, before);
  EXPECT_EQ(BaseName(*replayed.ReadLink(replayed.roots.Sys("class/net/eth0/driver"))),
            "virtio_net");
  EXPECT_EQ(*replayed.SysFile("class/net/eth0/speed").Read(), "1000\n");
  EXPECT_EQ(recording_->failures(), 0u);
}

// The order in which a link and what is behind it are read must not matter.
TEST_F(HostRecordingTest, RecordsFilesThroughALinkBeforeAndAfterItWasRead) {
  const Kernel kernel = recording_->kernel();
  ASSERT_TRUE(kernel.SysFile("class/net/eth0/speed").Read());
  ASSERT_TRUE(kernel.ReadLink(kernel.roots.Sys("class/net/eth0")));
  Put("host/sys/devices/virtio2/duplex", "full\n");
  ASSERT_TRUE(kernel.SysFile("class/net/eth0/duplex").Read());
  const Kernel replayed = Replayed();
  EXPECT_EQ(*replayed.ReadLink(replayed.roots.Sys("class/net/eth0")), "../../devices/virtio2");
  EXPECT_EQ(*replayed.SysFile("class/net/eth0/speed").Read(), "1000\n");
  EXPECT_EQ(*replayed.SysFile("class/net/eth0/duplex").Read(), "full\n");
  EXPECT_EQ(recording_->failures(), 0u);
}

TEST_F(HostRecordingTest, NeverWritesOutsideOfItsDirectory) {
  recording_->OnFileRead(roots().procfs + "/../../../outside", "text");
  recording_->OnFileRead("/elsewhere/outside", "text");
  recording_->OnLinkRead(roots().sysfs + "/away", "../../..");
  recording_->OnFileRead(roots().sysfs + "/away/outside", "text");
  recording_->OnLinkRead(roots().sysfs + "/far", top_.string());
  recording_->OnFileRead(roots().sysfs + "/far/outside", "text");
  EXPECT_EQ(recording_->failures(), 4u);
  for (const auto& entry : fs::recursive_directory_iterator(top_)) {
    EXPECT_NE(entry.path().filename(), "outside") << entry.path();
  }
}

TEST_F(HostRecordingTest, TellsNetlinkAnswersAgainWithTheirRestarts) {
  const auto port = std::move(*recording_->kernel().netlink.Open(0));
  ASSERT_TRUE(port->Request(
      18, 0x300, AsBytes("one"), [](const NetlinkMessage&) {}, [] {}));
  ASSERT_FALSE(port->Request(
      99, 0, {}, [](const NetlinkMessage&) {}, [] {}));

  const auto replayed = std::move(*Replayed().netlink.Open(0));
  std::string told;
  const Status again = replayed->Request(
      18, 0x300, AsBytes("one"),
      [&told](const NetlinkMessage& message) {
        told.append(reinterpret_cast<const char*>(message.payload.data()), message.payload.size());
      },
      [&told] { told += ","; });
  ASSERT_TRUE(again) << again.error().Describe();
  EXPECT_EQ(told, "torn,one");
  const Status denied = replayed->Request(99, 0, {}, [](const NetlinkMessage&) {}, {});
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().kind, ErrorKind::kNoPermission);
}

TEST_F(HostRecordingTest, NamesARequestThatWasNotRecorded) {
  const auto replayed = std::move(*Replayed().netlink.Open(16));
  const Status unknown =
      replayed->Request(18, 768, AsBytes("one"), [](const NetlinkMessage&) {}, {});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::kAbsent);
  EXPECT_EQ(unknown.error().what, "no netlink generic request 18 flags 768 with 3 bytes");
}

TEST(HostReplay, NeedsADirectory) {
  const auto replay = HostReplay::Open(testing::TempDir() + "netstack_no_such_recording");
  ASSERT_FALSE(replay);
  EXPECT_EQ(replay.error().kind, ErrorKind::kAbsent);
}

}  // namespace
}  // namespace netstack
