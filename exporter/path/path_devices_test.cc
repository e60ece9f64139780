#include "exporter/path/path_devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace netstack {
namespace {

using testing::ElementsAre;

constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_link_info",
     .type = MetricType::kInfo,
     .labels = {"device", "kind", "driver"},
     .help = "I."},
    {.name = "netstack_queue_rps_cpus", .labels = {"device", "queue"}, .help = "R."},
    {.name = "netstack_queue_rps_flows", .labels = {"device", "queue"}, .help = "F."},
});
constexpr CollectorDeclaration kCollector = {.name = "both", .families = kFamilies};
constexpr std::array kCollectors = {&kCollector};

class PathDevicesTest : public testing::Test {
 protected:
  void Link(std::string_view device, std::string_view kind, std::string_view driver) {
    samples_.Add(kFamilies[0], {device, kind, driver}, std::uint64_t{1});
  }
  void Steer(std::string_view device, std::string_view queue, std::uint64_t cpus,
             std::uint64_t flows = 0) {
    samples_.Add(kFamilies[1], {device, queue}, cpus);
    samples_.Add(kFamilies[2], {device, queue}, flows);
  }
  PathDevices Found() const {
    const std::array reports = {
        CollectorReport{.declaration = &kCollector, .asked = true, .samples = &samples_}};
    PathDevices devices(kCollectors);
    devices.Find(reports);
    return devices;
  }
  Samples samples_{kFamilies};
};

TEST_F(PathDevicesTest, HaveADriverOrWaitForAProgram) {
  Link("tap0", "tun", "");
  Link("eth1", "", "igb");
  Link("eth0", "", "unknown");
  Link("veth0", "veth", "");
  const PathDevices devices = Found();
  EXPECT_THAT(devices.hardware(), ElementsAre("eth0", "eth1"));
  EXPECT_TRUE(devices.Counts(Per::kHardware, "eth1"));
  EXPECT_FALSE(devices.Counts(Per::kHardware, "tap0"));
  EXPECT_TRUE(devices.Counts(Per::kHardwareOrTunnel, "tap0"));
  EXPECT_FALSE(devices.Counts(Per::kHardwareOrTunnel, "veth0"));
  EXPECT_TRUE(devices.Counts(Per::kDevice, "veth0"));
}

TEST_F(PathDevicesTest, AreNeverInTheBacklogWhenEveryQueueIsUnsteered) {
  for (const char* device : {"some", "none", "unread", "flows"}) Link(device, "", "ixgbe");
  Link("usb0", "", "cdc_ether");
  Steer("some", "0", 0);
  Steer("some", "1", 2);
  Steer("none", "0", 0);
  Steer("none", "1", 0);
  Steer("flows", "0", 0, 4096);
  Steer("usb0", "0", 0);
  const PathDevices devices = Found();
  EXPECT_TRUE(devices.Counts(Per::kNeverInBacklog, "none"));
  EXPECT_FALSE(devices.Counts(Per::kNeverInBacklog, "some"));
  EXPECT_FALSE(devices.Counts(Per::kNeverInBacklog, "flows")) << "RFS steers without RPS";
  EXPECT_FALSE(devices.Counts(Per::kNeverInBacklog, "unread")) << "nobody knows";
  EXPECT_FALSE(devices.Counts(Per::kNeverInBacklog, "usb0")) << "its driver calls netif_rx";
}

TEST_F(PathDevicesTest, AreForgottenInTheNextRound) {
  Link("eth0", "", "igb");
  PathDevices devices = Found();
  devices.Find(
      {std::array<CollectorReport, 1>{CollectorReport{.declaration = &kCollector, .asked = true}}});
  EXPECT_TRUE(devices.hardware().empty());
}

}  // namespace
}  // namespace netstack
