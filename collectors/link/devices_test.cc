#include "collectors/link/devices.h"

#include <gtest/gtest.h>
#include <linux/if.h>

#include "kernel/record/host_replay.h"

namespace netstack::link {
namespace {

struct Nic {
  const char* host;
  const char* device;
  int index;
  const char* driver;
  std::optional<std::uint64_t> speed;
};

class GoldenNics : public testing::TestWithParam<Nic> {};

// As before Linux 5.14: nothing in the message says that it is hardware.
TEST_P(GoldenNics, AreFoundInSysfs) {
  const Nic nic = GetParam();
  const auto host =
      std::move(*HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) + "/tests/hosts/" + nic.host));
  const Kernel kernel = host->kernel();
  Devices devices(kernel, DevicePolicy());
  Link link;
  link.index = nic.index;
  link.name = nic.device;
  link.flags = IFF_UP;
  link.carrier = 1;
  devices.BeginRound();
  const Device* const device = devices.Update(link);
  ASSERT_NE(device, nullptr);
  EXPECT_EQ(device->is_hardware, *nic.driver != '\0');
  EXPECT_EQ(device->driver, nic.driver);
  EXPECT_EQ(device->filled, FieldsFilledBy(nic.driver));
  EXPECT_EQ(device->speed, nic.speed);
  EXPECT_EQ(device->treatment, DeviceTreatment::kShown);
}

constexpr std::uint64_t kGigabit = 125'000'000;
INSTANTIATE_TEST_SUITE_P(OfRealHosts, GoldenNics,
                         testing::Values(Nic{"linux-5.10", "eth0", 2, "virtio_net", {}},
                                         Nic{"linux-5.10", "eth1", 4, "e1000e", kGigabit},
                                         Nic{"linux-5.10", "eth2", 5, "vmxnet3", kGigabit},
                                         Nic{"linux-6.12", "eth1", 4, "e1000e", kGigabit},
                                         Nic{"linux-6.18", "eth0", 4, "virtio_net", {}},
                                         Nic{"linux-6.18", "ifb0", 2, "", {}}));

TEST(Devices, RefuseASecondDeviceOfTheSameNameInARound) {
  const auto host = std::move(*HostReplay::Open(NETSTACK_SOURCE_DIR "/tests/hosts/linux-5.10"));
  const Kernel kernel = host->kernel();
  Devices devices(kernel, DevicePolicy());
  Link first;
  first.index = 7;
  first.name = "veth7";
  Link second = first;
  second.index = 8;
  for (int round = 0; round < 2; ++round) {
    devices.BeginRound();
    EXPECT_NE(devices.Update(first), nullptr);
    EXPECT_EQ(devices.Update(second), nullptr);
  }
  devices.BeginRound();
  EXPECT_NE(devices.Update(second), nullptr) << "the first is gone";
}

TEST(FieldsFilledBy, KnowsWhichDriversNeverCountMissedFrames) {
  for (const char* driver : {"virtio_net", "ena", "gve", "vmxnet3", "mlx4_core"}) {
    EXPECT_FALSE(FieldsFilledBy(driver).Has(LinkField::kRxMissedErrors)) << driver;
  }
  for (const char* driver : {"e1000e", "igb", "ixgbe", "mlx5_core", "bnxt_en", "tg3"}) {
    EXPECT_TRUE(FieldsFilledBy(driver).Has(LinkField::kRxMissedErrors)) << driver;
  }
  EXPECT_EQ(FieldsFilledBy("unheard_of"), FieldSet());
}

}  // namespace
}  // namespace netstack::link
