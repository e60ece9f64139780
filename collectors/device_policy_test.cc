#include "collectors/device_policy.h"

#include <gtest/gtest.h>

#include <span>

namespace netstack {
namespace {

using enum DeviceTreatment;

const DeviceTraits kNic = {.name = "eth0", .has_hardware_parent = true};
const DeviceTraits kLoopback = {.name = "lo", .is_loopback = true};
const DeviceTraits kVeth = {
    .name = "veth1", .kind = "veth", .peer_in_other_netns = true, .on_local_device = true};
const DeviceTraits kTap = {.name = "tap0", .kind = "tun"};
const DeviceTraits kBridge = {.name = "br0", .kind = "bridge"};
const DeviceTraits kVlan = {.name = "eth0.7", .kind = "vlan", .on_local_device = true};
const DeviceTraits kDummy = {.name = "dummy0", .kind = "dummy"};

TEST(DevicePolicy, ShowsHardwareSumsContainerPortsAndTakesStackedDevicesOffThePath) {
  const DevicePolicy policy;
  EXPECT_EQ(policy.TreatmentOf(kNic), kShown);
  EXPECT_EQ(policy.TreatmentOf(kLoopback), kShown);
  EXPECT_EQ(policy.TreatmentOf(kDummy), kShown);
  EXPECT_EQ(policy.TreatmentOf(kVeth), kSummed);
  EXPECT_EQ(policy.TreatmentOf(kTap), kSummed);
  EXPECT_EQ(policy.TreatmentOf(kBridge), kStacked);
  EXPECT_EQ(policy.TreatmentOf(kVlan), kStacked);
}

TEST(DevicePolicy, CountsAnUnknownKindByWhereItsOtherEndIs) {
  const DevicePolicy policy;
  EXPECT_EQ(policy.TreatmentOf({.name = "x", .kind = "new", .on_local_device = true}), kStacked);
  EXPECT_EQ(policy.TreatmentOf({.name = "x", .kind = "new", .peer_in_other_netns = true}), kSummed);
  EXPECT_EQ(policy.TreatmentOf({.name = "x", .kind = "new"}), kShown);
}

TEST(DevicePolicy, KeepsHardwareOnThePathWhateverItsKind) {
  EXPECT_EQ(DevicePolicy().TreatmentOf({.name = "lan1",
                                        .kind = "dsa",
                                        .has_hardware_parent = true,
                                        .peer_in_other_netns = true,
                                        .on_local_device = true}),
            kShown);
}

TEST(DevicePolicy, ShowsAVethWithinOneNamespaceOnThePathWhenPortsAreShown) {
  const DevicePolicy policy({.container_ports = true});
  EXPECT_EQ(policy.TreatmentOf(kVeth), kShown);
  EXPECT_EQ(policy.TreatmentOf({.name = "va", .kind = "veth", .on_local_device = true}), kShown);
}

TEST(DevicePolicy, MatchesExpressionsAgainstTheWholeName) {
  const DevicePolicy exclude({.exclude = "eth|br.*"});
  EXPECT_EQ(exclude.TreatmentOf(kNic), kShown) << "eth is not the whole of eth0";
  EXPECT_EQ(exclude.TreatmentOf(kBridge), kOff);
  const DevicePolicy include({.include = "veth.*|br0"});
  EXPECT_EQ(include.TreatmentOf(kNic), kOff);
  EXPECT_EQ(include.TreatmentOf(kVeth), kShown) << "who names a port wants to see it";
  EXPECT_EQ(include.TreatmentOf(kBridge), kStacked) << "being named does not double its packets";
}

TEST(DevicePolicy, SelectsByKind) {
  const DevicePolicy exclude({.kinds_exclude = {"veth", "bridge"}});
  EXPECT_EQ(exclude.TreatmentOf(kVeth), kOff);
  EXPECT_EQ(exclude.TreatmentOf(kTap), kSummed);
  const DevicePolicy include({.kinds_include = {"vlan"}});
  EXPECT_EQ(include.TreatmentOf(kVlan), kStacked);
  EXPECT_EQ(include.TreatmentOf(kNic), kOff);
}

TEST(DevicePolicyFor, TakesTheSharedRulesWhereACollectorHasNoneOfItsOwn) {
  const DevicePolicy shared({.exclude = "eth9", .kinds_exclude = {"dummy"}});
  EXPECT_EQ(DevicePolicyFor(OptionValues(kDeviceOptions), shared).rules(), shared.rules());
}

TEST(DevicePolicyFor, ReplacesBothExpressionsByTheCollectorsOwn) {
  const DevicePolicy shared({.exclude = "eth9", .container_ports = true});
  OptionValues options(kDeviceOptions);
  ASSERT_EQ(options.Set("device-include", "eth.*"), "");
  ASSERT_EQ(options.Set("container-ports", "summed"), "");
  EXPECT_EQ(DevicePolicyFor(options, shared).rules(), (DevicePolicy::Rules{.include = "eth.*"}));
  ASSERT_EQ(options.Set("container-ports", "shown"), "");
  EXPECT_TRUE(DevicePolicyFor(options, DevicePolicy()).rules().container_ports);
}

TEST(DevicePolicyFor, TakesTheExpressionsOfACollectorWithoutContainerPorts) {
  const DevicePolicy shared({.exclude = "eth9", .container_ports = true});
  const std::span<const OptionSpec> all = kDeviceOptions;
  OptionValues options(all.first(2));
  ASSERT_EQ(options.Set("device-exclude", "eth1"), "");
  EXPECT_EQ(DevicePolicyFor(options, shared).rules(),
            (DevicePolicy::Rules{.exclude = "eth1", .container_ports = true}));
}

}  // namespace
}  // namespace netstack
