#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "collectors/fixture_host.h"

namespace netstack::irq {

extern const CollectorDeclaration kCollector;

namespace {

using testing::UnorderedElementsAre;

// A recorded host: a card of virtio, one of e1000e with a vector each way, one of vmxnet3.
TEST(RecordedIrqs, AreThoseOfItsCards) {
  class NoNetlink : public NetlinkSource {
    Result<std::unique_ptr<NetlinkPort>> Open(int) override { return Error{}; }
  } netlink;
  const std::string root = std::string(NETSTACK_SOURCE_DIR) + "/collectors/irq/fixtures/linux-6.1";
  const Kernel kernel = {
      .roots = {.procfs = root + "/proc", .sysfs = root + "/sys", .rootfs = root},
      .netlink = netlink};
  const OptionValues options(kCollector.options);
  const DevicePolicy policy;
  const auto collector = kCollector.create({kernel, options, policy});
  Samples samples(kCollector.families);
  EXPECT_EQ(collector->Collect(samples).state, CollectorState::kOk);
  std::vector<std::string> lines = Lines(samples);
  std::erase_if(lines, [](const std::string& line) {
    return !line.starts_with("netstack_irq_interrupts_total") ||
           line.find("device=\"eth0\"") != std::string::npos;
  });
  const std::string name = "netstack_irq_interrupts_total";
  EXPECT_THAT(
      lines, UnorderedElementsAre(name + "{device=\"eth1\",direction=\"receive\",queue=\"0\"} 173",
                                  name + "{device=\"eth1\",direction=\"transmit\",queue=\"0\"} 236",
                                  name + "{device=\"eth1\"} 1",
                                  name + "{device=\"eth2\",direction=\"combined\",queue=\"0\"} 267",
                                  name + "{device=\"eth2\",direction=\"combined\",queue=\"1\"} 167",
                                  name + "{device=\"eth2\"} 0"));
}

}  // namespace
}  // namespace netstack::irq
