#include "kernel/driver_info.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace netstack {
namespace {

TEST(DriverInfo, IsReadAsEthtoolPrintsIt) {
  DriverInfo info;
  ASSERT_TRUE(
      ParseDriverInfo("driver: e1000e\nversion: 6.1.0-50-amd64\nfirmware-version: 1.8-0\n"
                      "expansion-rom-version: \nbus-info: 0000:00:03.0\n",
                      "F", info));
  EXPECT_EQ(info, (DriverInfo{.driver = "e1000e",
                              .version = "6.1.0-50-amd64",
                              .firmware = "1.8-0",
                              .bus = "0000:00:03.0"}));
  const Status parsed = ParseDriverInfo("driver: e1000e\nnoise\n", "F", info);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(), "F line 2: not a line: 'noise'");
}

TEST(DriverInfo, IsAbsentOfADeviceThatIsNotThere) {
  DriverInfo info;
  const Status read = ReadDriverInfo({}, nullptr, "no-such-device", info);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kAbsent);
}

// Writes what is observed below a folder.
class Recorder : public FileObserver {
 public:
  explicit Recorder(std::filesystem::path root) : root_(std::move(root)) {}
  void OnFileRead(std::string_view path, std::string_view bytes) override {
    const std::filesystem::path file = root_ / path.substr(1);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << bytes;
  }

 private:
  std::filesystem::path root_;
};

TEST(DriverInfo, IsTheSameOfARecording) {
  // Some device here whose driver answers.
  DriverInfo live;
  std::string device;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/class/net")) {
    if (!std::filesystem::exists(entry.path() / "device")) continue;
    if (ReadDriverInfo({}, nullptr, entry.path().filename(), live)) {
      device = entry.path().filename();
    }
  }
  if (device.empty()) GTEST_SKIP() << "no network card here";
  EXPECT_NE(live.driver, "");
  std::string root = testing::TempDir() + "netstack_driver_info.XXXXXX";
  ASSERT_NE(mkdtemp(root.data()), nullptr);
  Recorder recorder(root);
  ASSERT_TRUE(ReadDriverInfo({}, &recorder, device, live));
  DriverInfo recorded;
  EXPECT_TRUE(ReadDriverInfo({.procfs = root + "/proc", .sysfs = root + "/sys", .rootfs = root},
                             nullptr, device, recorded));
  EXPECT_EQ(recorded, live);
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace netstack
