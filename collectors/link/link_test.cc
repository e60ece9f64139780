#include <gtest/gtest.h>

#include <algorithm>

#include "collectors/catalog.h"
#include "collectors/link/link_test_host.h"
#include "kernel/record/host_replay.h"

namespace netstack::link {
namespace {

TEST_F(LinkTest, ShowsARecordedVirtualMachine) {
  const auto replay = std::move(*HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) +
                                                  "/collectors/link/fixtures/virtio-6.18"));
  const Kernel kernel = replay->kernel();
  const auto collector = kCollector.create({kernel, options_, policy_});
  ASSERT_EQ(collector->Collect(samples_).state, CollectorState::kOk);
  const Lines eth0 = Matching(Written(samples_), "{eth0");
  EXPECT_EQ(eth0,
            (Lines{"receive_packets_total{eth0} 19713", "transmit_packets_total{eth0} 12515",
                   "receive_bytes_total{eth0} 904478796", "transmit_bytes_total{eth0} 876127",
                   "transmit_errors_total{eth0} 0", "receive_dropped_total{eth0} 0",
                   "transmit_dropped_total{eth0} 0", "receive_multicast_total{eth0} 0",
                   "receive_length_errors_total{eth0} 0", "receive_frame_errors_total{eth0} 0",
                   "transmit_fifo_errors_total{eth0} 0", "receive_nohandler_total{eth0} 0",
                   "receive_otherhost_dropped_total{eth0} 0", "info{eth0,,virtio_net,,,virtio2} 1",
                   "up{eth0} 1", "carrier{eth0} 1", "carrier_changes_total{eth0} 2",
                   "mtu_bytes{eth0} 1400", "transmit_queue_length_packets{eth0} 1000"}));
}

TEST_F(LinkTest, SumsContainerPortsAndTakesStackedDevicesOffThePath) {
  const auto replay = std::move(*HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) +
                                                  "/collectors/link/fixtures/stacked-6.18"));
  const Kernel kernel = replay->kernel();
  const auto collector = kCollector.create({kernel, options_, policy_});
  ASSERT_EQ(collector->Collect(samples_).state, CollectorState::kOk);
  const Lines page = Written(samples_);
  EXPECT_EQ(Matching(page, "{va"),
            (Lines{"receive_packets_total{va} 1 hidden", "transmit_packets_total{va} 2 hidden",
                   "receive_bytes_total{va} 90 hidden", "transmit_bytes_total{va} 144 hidden",
                   "receive_errors_total{va} 0 hidden", "transmit_errors_total{va} 0 hidden",
                   "receive_dropped_total{va} 0 hidden", "transmit_dropped_total{va} 0 hidden"}));
  EXPECT_EQ(Matching(page, "_packets_total{br0").size(), 2u);
  for (const char* device : {"{br0", "{mv0", "{vx0"}) {
    const Lines lines = Matching(page, device);
    EXPECT_EQ(Matching(lines, " off path"), lines);
  }
  EXPECT_EQ(Matching(page, "info{mv0"), (Lines{"info{mv0,macvlan,,,vb,} 1 off path"}));
  EXPECT_EQ(Matching(Matching(page, "{lo"), " off path"), Lines{});
  EXPECT_EQ(Matching(Matching(page, "{lo"), "_total{").size(), 23u)
      << "software devices have all 25 fields but three on request, and a carrier count";
}

TEST_F(LinkTest, ShowsTheNicsOfOlderKernels) {
  ASSERT_EQ(options_.Set("tier", "extended"), "");
  for (const std::string host : {"nics-5.10", "nics-6.1"}) {
    const auto replay = std::move(
        *HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) + "/collectors/link/fixtures/" + host));
    const Kernel kernel = replay->kernel();
    const auto collector = kCollector.create({kernel, options_, policy_});
    samples_.Clear();
    ASSERT_EQ(collector->Collect(samples_).state, CollectorState::kOk);
    const Lines page = Written(samples_);
    const bool old = host == "nics-5.10";  // No parent, no otherhost.
    const std::string parent = old ? "" : "0000:00:03.0";
    EXPECT_EQ(page.count("info{eth1,,e1000e,,," + parent + "} 1"), 1u) << host;
    EXPECT_EQ(Matching(page, "otherhost").size(), old ? 0u : 4u) << host;
    EXPECT_EQ(Matching(page, "missed"), (Lines{"field_unfilled{eth0,receive_missed_errors} 1",
                                               "receive_missed_errors_total{eth1} 0",
                                               "field_unfilled{eth2,receive_missed_errors} 1",
                                               "receive_missed_errors_total{lo} 0"}))
        << host;
    EXPECT_EQ(Matching(page, "speed"), (Lines{"speed_bytes_per_second{eth1} 125000000",
                                              "speed_bytes_per_second{eth2} 125000000"}))
        << host;
  }
}

TEST_F(LinkTest, NamesTheMasterThoughItComesLater) {
  Have({{.index = 2, .parent = "0000:00:03.0", .master = 9},
        {.index = 9, .name = "bond0", .kind = "bond"}});
  EXPECT_EQ(Matching(Page(), " 1").count("info{eth0,,unknown,bond0,,0000:00:03.0} 1"), 1u);
}

TEST_F(LinkTest, TakesTheDriverFromTheBus) {
  Put("sys/bus/pci/devices/0000:00:03.0/vendor", "");
  PutLink("sys/bus/pci/devices/0000:00:03.0/driver", "../../../../bus/pci/drivers/e1000e");
  Have({{.parent = "0000:00:03.0"}});
  const Lines page = Page();
  EXPECT_EQ(page.count("info{eth0,,e1000e,,,0000:00:03.0} 1"), 1u);
  EXPECT_EQ(page.count("receive_missed_errors_total{eth0} 0"), 1u) << "its 0 is a real one";
}

TEST_F(LinkTest, FindsHardwareBySysfsWhereTheKernelDoesNotNameIt) {
  PutLink("sys/class/net/eth0/device", "../../../devices/nic");
  PutLink("sys/devices/nic/driver", "../../bus/pci/drivers/igb");
  Have({{.index = 2}, {.index = 3, .name = "sw0"}, {.index = 4, .name = "v0", .kind = "veth"}});
  const Lines page = Page();
  EXPECT_EQ(page.count("info{eth0,,igb,,,} 1"), 1u);
  EXPECT_EQ(page.count("info{sw0,,,,,} 1"), 1u);
  EXPECT_EQ(page.count("receive_crc_errors_total{sw0} 0 path only"), 1u) << "a software device";
}

TEST_F(LinkTest, ShowsErrorsByTheirKindOfCardsWhileTheyAreFew) {
  std::vector<Made> links = {{.index = 9, .name = "br0", .kind = "bridge"}};
  for (int i = 0; i < 4; ++i) {
    links.push_back({.index = 2 + i,
                     .name = "eth" + std::to_string(i),
                     .parent = "0000:00:03.0",
                     .stats = {{LinkField::kRxCrcErrors, 5}}});
  }
  Have(links);
  EXPECT_EQ(Matching(Page(), "receive_crc"),
            (Lines{"receive_crc_errors_total{eth0} 5", "receive_crc_errors_total{eth1} 5",
                   "receive_crc_errors_total{eth2} 5", "receive_crc_errors_total{eth3} 5"}));
  links.push_back({.index = 6,
                   .name = "eth4",
                   .parent = "0000:00:03.0",
                   .stats = {{LinkField::kRxCrcErrors, 5}}});
  Have(links);
  EXPECT_EQ(Matching(Matching(Page(), "receive_crc"), "path only").size(), 5u);
}

TEST_F(LinkTest, TellsErrorsByTheirKindToThePathFamiliesAndShowsThemOnRequest) {
  Have({{.index = 2, .parent = "0000:00:03.0", .stats = {{LinkField::kRxCrcErrors, 5}}},
        {.index = 3, .name = "br0", .kind = "bridge"}});
  ASSERT_EQ(options_.Set("tier", "core"), "");
  EXPECT_EQ(Matching(Page(), "crc"), Lines{"receive_crc_errors_total{eth0} 5 path only"});
  ASSERT_EQ(options_.Set("tier", "extended"), "");
  collector_.reset();
  EXPECT_EQ(Matching(Page(), "receive_crc"), (Lines{"receive_crc_errors_total{br0} 0 off path",
                                                    "receive_crc_errors_total{eth0} 5"}));
}

TEST_F(LinkTest, ShowsAFieldOfAnUnknownDriverOnceItHasCounted) {
  ASSERT_EQ(options_.Set("tier", "extended"), "");
  Made nic = {.parent = "0000:00:03.0"};
  Have({nic});
  EXPECT_EQ(Matching(Page(), "missed"), Lines{"field_unfilled{eth0,receive_missed_errors} 1"});
  nic.stats[LinkField::kRxMissedErrors] = 5;
  Have({nic});
  EXPECT_EQ(Matching(Page(), "missed"), Lines{"receive_missed_errors_total{eth0} 5"});
  nic.stats[LinkField::kRxMissedErrors] = 0;
  Have({nic});
  EXPECT_EQ(Matching(Page(), "missed"), Lines{"receive_missed_errors_total{eth0} 0"})
      << "its driver was reset, and is known to count";
}

TEST_F(LinkTest, LeavesOutFieldsThatAnOlderKernelDoesNotHave) {
  Have({{.name = "lo", .fields = 24}});
  const Lines page = Page();
  EXPECT_EQ(page.count("receive_nohandler_total{lo} 0 path only"), 1u);
  EXPECT_EQ(Matching(page, "otherhost"), Lines{});
}

TEST_F(LinkTest, ReadsTheSpeedAgainOnlyWhenTheCarrierChanged) {
  PutSpeed("eth0", 2, "1000");
  Made nic = {.parent = "0000:00:03.0"};
  Have({nic});
  EXPECT_EQ(Matching(Page(), "speed"), Lines{"speed_bytes_per_second{eth0} 125000000"});
  PutSpeed("eth0", 2, "10000");
  EXPECT_EQ(Matching(Page(), "speed"), Lines{"speed_bytes_per_second{eth0} 125000000"});
  nic.carrier_changes = 4;
  Have({nic});
  EXPECT_EQ(Matching(Page(), "speed"), Lines{"speed_bytes_per_second{eth0} 1250000000"});
}

TEST_F(LinkTest, LeavesOutASpeedThatIsNotKnown) {
  PutSpeed("eth1", 3, "-1");
  PutSpeed("eth2", 4, "4294967295");
  PutSpeed("eth3", 99, "1000");  // Another device, of another namespace.
  PutSpeed("eth4", 6, "1000");
  PutSpeed("sw0", 7, "10000");
  Have({{.index = 2, .parent = "a"},
        {.index = 3, .name = "eth1", .parent = "b"},
        {.index = 4, .name = "eth2", .parent = "c"},
        {.index = 5, .name = "eth3", .parent = "d"},
        {.index = 6, .name = "eth4", .parent = "e", .flags = 0},
        {.index = 7, .name = "sw0"}});
  const Lines page = Page();
  EXPECT_EQ(Matching(page, "speed"), Lines{});
  EXPECT_EQ(Matching(page, "up{eth4}"), Lines{"up{eth4} 0"});
  EXPECT_EQ(Matching(page, "carrier{eth4}"), Lines{}) << "nobody looks at it while it is down";
}

TEST_F(LinkTest, AnUnreadableDeviceCostsOnlyItsOwnSeries) {
  Have({{.index = 2}, {.index = 3, .name = "eth1"}, {.index = 4, .name = "eth2"}});
  netlink_.messages[1].resize(netlink_.messages[1].size() - 8);
  const Outcome outcome = Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->kind, ErrorKind::kMalformed);
  const Lines page = Written(samples_);
  EXPECT_FALSE(Matching(page, "{eth0").empty());
  EXPECT_TRUE(Matching(page, "{eth1").empty());
  EXPECT_FALSE(Matching(page, "{eth2").empty());
}

TEST_F(LinkTest, ForgetsAnInterruptedList) {
  Have({{.index = 2}, {.index = 3, .name = "eth1"}});
  netlink_.interrupt = true;
  EXPECT_EQ(Matching(Page(), "up{").size(), 2u);
}

TEST_F(LinkTest, ShowsADeviceOnceThoughTheKernelListsItTwice) {
  Have({{.index = 2}, {.index = 2}});
  EXPECT_EQ(Matching(Page(), "up{"), Lines{"up{eth0} 1"});
}

TEST_F(LinkTest, SaysWhyThereIsNothing) {
  netlink_.failure = Error{.kind = ErrorKind::kTimeout, .path = "netlink route", .what = "late"};
  EXPECT_EQ(Collect().state, CollectorState::kTimeout);
  netlink_.failure->kind = ErrorKind::kNoPermission;
  EXPECT_EQ(Collect().state, CollectorState::kNoPermission);
  netlink_.failure.reset();
  Have({{.index = 2}});
  EXPECT_EQ(Collect().state, CollectorState::kOk) << "and works again afterwards";
}

TEST_F(LinkTest, SeesThatADeviceWasRenamedOrReplaced) {
  ASSERT_EQ(options_.Set("tier", "extended"), "");
  Made nic = {.parent = "0000:00:03.0", .stats = {{LinkField::kRxMissedErrors, 5}}};
  Have({nic});
  EXPECT_EQ(Matching(Page(), "missed"), Lines{"receive_missed_errors_total{eth0} 5"});
  nic.name = "lan0";
  nic.stats.clear();
  Have({nic});
  EXPECT_EQ(Matching(Page(), "missed"), Lines{"field_unfilled{lan0,receive_missed_errors} 1"});
  Have({});
  EXPECT_EQ(Page(), Lines{});
}

TEST_F(LinkTest, KeepsNamesOfOddBytesApartAndOutOfPaths) {
  Have({{.index = 2, .name = "a\xff"},
        {.index = 3, .name = "a\\xff"},
        {.index = 4, .name = "../../proc", .parent = ".."}});
  EXPECT_EQ(Matching(Page(), "up{"),
            (Lines{"up{a\\xff} 1", "up{a\\x5cxff} 1", "up{../../proc} 1"}));
}

TEST_F(LinkTest, ObeysItsOwnDeviceOptions) {
  ASSERT_EQ(options_.Set("device-exclude", "eth.*"), "");
  ASSERT_EQ(options_.Set("container-ports", "shown"), "");
  Have({{.index = 2}, {.index = 3, .name = "v0", .kind = "veth", .lower_in_other_netns = true}});
  EXPECT_EQ(Matching(Page(), "up{"), Lines{"up{v0} 1"});
}

TEST_F(LinkTest, ShowsLimitsOfOffloadAndWhatIsNotFilledOnRequest) {
  const auto replay = std::move(*HostReplay::Open(std::string(NETSTACK_SOURCE_DIR) +
                                                  "/collectors/link/fixtures/virtio-6.18"));
  const Kernel kernel = replay->kernel();
  ASSERT_EQ(options_.Set("tier", "extended"), "");
  ASSERT_EQ(kCollector.create({kernel, options_, policy_})->Collect(samples_).state,
            CollectorState::kOk);
  EXPECT_EQ(Matching(Matching(Written(samples_), "{eth0}"), "_max_"),
            (Lines{"gso_max_size_bytes{eth0} 65536", "gso_max_segments{eth0} 65535",
                   "gro_max_size_bytes{eth0} 65536", "gso_ipv4_max_size_bytes{eth0} 65536",
                   "gro_ipv4_max_size_bytes{eth0} 65536"}));
  EXPECT_EQ(Matching(Written(samples_), "unfilled"),
            (Lines{"field_unfilled{eth0,receive_errors} 1", "field_unfilled{eth0,collisions} 1",
                   "field_unfilled{eth0,receive_over_errors} 1",
                   "field_unfilled{eth0,receive_crc_errors} 1",
                   "field_unfilled{eth0,receive_fifo_errors} 1",
                   "field_unfilled{eth0,receive_missed_errors} 1",
                   "field_unfilled{eth0,transmit_aborted_errors} 1",
                   "field_unfilled{eth0,transmit_carrier_errors} 1",
                   "field_unfilled{eth0,transmit_heartbeat_errors} 1",
                   "field_unfilled{eth0,transmit_window_errors} 1"}));
}

TEST_F(LinkTest, ShowsAThousandDevices) {
  std::vector<Made> devices;
  for (int i = 1; i <= 1000; ++i) {
    devices.push_back({.index = i, .name = "eth" + std::to_string(i), .parent = "p"});
  }
  Have(devices);
  const Lines page = Page();
  EXPECT_EQ(Matching(page, "up{").size(), 1000u);
  EXPECT_EQ(Page(), page);
}

TEST(LinkDeclaration, CanBlockAndIsInTheCatalog) {
  EXPECT_TRUE(kCollector.may_block);
  EXPECT_EQ(std::count(Catalog().begin(), Catalog().end(), &kCollector), 1);
}

}  // namespace
}  // namespace netstack::link
