#include "collectors/link/net_dev_fallback.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "collectors/fallback.h"
#include "collectors/link/link_test_host.h"

namespace netstack::link {
namespace {

constexpr std::string_view kFile =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop "
    "fifo colls carrier compressed\n"
    "    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
    "  eth0:101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116\n"
    " veth1: 201 202 203 204 205 206 207 208 209 210 211 212 213 214 215 216\n"
    "  new0: 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316\n";

TEST(ParseNetDev, HasTheColumnsByDevice) {
  std::vector<NetDevLine> lines;
  ASSERT_TRUE(ParseNetDev(kFile, "dev", lines));
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1].name, "eth0");
  EXPECT_EQ(lines[1].columns[0], 101u);
  EXPECT_EQ(lines[1].columns[15], 116u);
}

TEST(ParseNetDev, KeepsTheLinesBeforeOneThatIsBroken) {
  std::vector<NetDevLine> lines;
  const Status parsed = ParseNetDev(
      "h\nh\n lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n eth0: 1 x\n", "/proc/net/dev", lines);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().Describe(), "/proc/net/dev line 4: not a number: 'x'");
  EXPECT_EQ(lines.size(), 1u);
  for (std::size_t size = 0; size < kFile.size(); ++size) {
    (void)ParseNetDev(kFile.substr(0, size), "dev", lines);
  }
}

// A collector that saw lo, a card and a container port, and then only has the file.
class NetDevFallbackTest : public testing::Test {
 protected:
  NetDevFallbackTest() {
    std::string name = testing::TempDir() + "netstack_net_dev.XXXXXX";
    root_ = mkdtemp(name.data());
    std::filesystem::create_directories(root_ / "proc/net");
    std::ofstream(root_ / "proc/net/dev") << kFile;
    const auto parent = root_ / "sys/bus/pci/devices/0000:00:03.0";
    std::filesystem::create_directories(parent);
    std::filesystem::create_symlink("../../drivers/e1000e", parent / "driver");
    netlink_.messages = {
        Message({.index = 1, .name = "lo"}),
        Message({.index = 2, .name = "eth0", .parent = "0000:00:03.0"}),
        Message({.index = 3,
                 .name = "veth1",
                 .kind = "veth",
                 .lower = 9,
                 .lower_in_other_netns = true}),
    };
    kernel_.emplace(
        Kernel{.roots = {.procfs = root_ / "proc", .sysfs = root_ / "sys", .rootfs = root_},
               .netlink = netlink_});
    collector_ = kCollector.create({*kernel_, options_, policy_});
    fallback_ = dynamic_cast<Fallback*>(collector_.get());
  }
  ~NetDevFallbackTest() override { std::filesystem::remove_all(root_); }

  std::filesystem::path root_;
  MadeKernel netlink_;
  std::optional<Kernel> kernel_;
  OptionValues options_{kCollector.options};
  DevicePolicy policy_;
  std::unique_ptr<Collector> collector_;
  Fallback* fallback_;
  Samples samples_{kCollector.families};
};

TEST_F(NetDevFallbackTest, TellsTheColumnsThatAreOneFieldOfDevicesThatAreKnown) {
  ASSERT_EQ(collector_->Collect(samples_).state, CollectorState::kOk);
  Samples samples(kCollector.families);
  ASSERT_TRUE(fallback_->CollectFallback(samples));
  const Lines lines = Written(samples);
  EXPECT_TRUE(lines.contains("receive_packets_total{eth0} 102"));
  EXPECT_TRUE(lines.contains("transmit_dropped_total{eth0} 112"));
  EXPECT_TRUE(lines.contains("receive_packets_total{lo} 2"));
  EXPECT_TRUE(lines.contains("receive_packets_total{veth1} 202 hidden"));
  EXPECT_TRUE(lines.contains("info{eth0,,e1000e,,,0000:00:03.0} 1"));
  for (const std::string& line : lines) {
    EXPECT_EQ(line.find("new0"), std::string::npos) << "what it is nobody knows yet: " << line;
    // e1000e fills no rx_fifo_errors; drop and frame are several fields together.
    EXPECT_EQ(line.find("fifo_errors_total{eth0}"), std::string::npos) << line;
    EXPECT_EQ(line.find("receive_dropped"), std::string::npos) << line;
    EXPECT_EQ(line.find("frame"), std::string::npos) << line;
  }
}

TEST_F(NetDevFallbackTest, HasNothingToTellBeforeTheFirstRound) {
  EXPECT_FALSE(fallback_->CollectFallback(samples_));
}

TEST_F(NetDevFallbackTest, ForgetsWhatIsGone) {
  collector_->Collect(samples_);
  netlink_.messages.erase(netlink_.messages.begin());
  samples_.Clear();
  collector_->Collect(samples_);
  Samples samples(kCollector.families);
  ASSERT_TRUE(fallback_->CollectFallback(samples));
  EXPECT_FALSE(Written(samples).contains("receive_packets_total{lo} 2"));
}

TEST_F(NetDevFallbackTest, HasNothingToTellWithoutTheFile) {
  collector_->Collect(samples_);
  std::filesystem::remove(root_ / "proc/net/dev");
  Samples samples(kCollector.families);
  EXPECT_FALSE(fallback_->CollectFallback(samples));
}

}  // namespace
}  // namespace netstack::link
