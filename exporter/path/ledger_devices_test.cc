// What the ledger takes from which source, device by device.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exporter/path/ledger.h"
#include "exporter/path/ledger_test_host.h"

namespace netstack {
namespace {

TEST_F(LedgerTest, TakesRingOverrunsFromTheDriverWhereTheLinkHasNone) {
  const auto round = [this](std::uint64_t missed, std::uint64_t queue0, std::uint64_t queue1) {
    return RunRound({{"netstack_link_info", {"eth0", "e1000e"}, 1},
                     {"netstack_link_info", {"eth1", "vmxnet3"}, 1},
                     {"netstack_link_info", {"eth2", "virtio_net"}, 1},
                     {"netstack_link_receive_missed_errors_total", {"eth0"}, missed},
                     {"netstack_queue_ring_overruns_total", {"eth1", "0"}, queue0},
                     {"netstack_queue_ring_overruns_total", {"eth1", "1"}, queue1}});
  };
  round(5, 7, 9);
  const auto lines = round(6, 10, 14);
  EXPECT_EQ(lines.at("drops_total receive ring loss ring_overrun eth0"), 1);
  EXPECT_EQ(lines.at("drops_total receive ring loss ring_overrun eth1"), 8);
  EXPECT_FALSE(lines.contains("drops_total receive ring loss ring_overrun eth2"));
}

TEST_F(LedgerTest, CountsWhatACardDroppedOnlySinceItIsKnownNotToUseABacklog) {
  const auto round = [this](std::uint64_t steered, std::uint64_t dropped) {
    return RunRound({{"netstack_link_info", {"eth0", "e1000e"}, 1},
                     {"netstack_queue_rps_cpus", {"eth0", "0"}, steered},
                     {"netstack_queue_rps_flows", {"eth0", "0"}, 0},
                     {"netstack_link_receive_dropped_total", {"eth0"}, dropped}});
  };
  const std::string line = "drops_total receive ingress policy unattributed eth0";
  EXPECT_FALSE(round(2, 1000).contains(line));
  EXPECT_EQ(round(0, 2000).at(line), 0) << "a backlog may have lost these";
  EXPECT_EQ(round(0, 2003).at(line), 3);
}

// Prometheus takes a step back for a start at 0, and everything above it for an increase.
TEST_F(LedgerTest, NothingJumpsWhenReasonsComeAndGo) {
  const auto round = [&](std::uint64_t dropped, std::optional<std::uint64_t> unhandled) {
    std::vector<Given> given = {{"netstack_link_info", {"eth0", "e1000e"}, 1},
                                {"netstack_queue_rps_cpus", {"eth0", "0"}, 0},
                                {"netstack_queue_rps_flows", {"eth0", "0"}, 0},
                                {"netstack_link_receive_dropped_total", {"eth0"}, dropped}};
    if (unhandled) {
      given.push_back({"netstack_skb_device_drops_total", {"eth0", "UNHANDLED_PROTO"}, *unhandled});
    }
    return RunRound(given);
  };
  const std::string rest = "drops_total receive ingress policy unattributed eth0";
  const std::string unknown = "drops_total receive ingress policy unknown_protocol eth0";
  EXPECT_EQ(round(1000, {}).at(rest), 0);
  EXPECT_EQ(round(1003, {}).at(rest), 3);
  EXPECT_EQ(round(1010, 500).at(rest), 0);
  auto lines = round(1015, 504);
  EXPECT_EQ(lines.at(rest), 1) << "those of no other reason";
  EXPECT_EQ(lines.at(unknown), 4);
  lines = round(1020, {});
  EXPECT_EQ(lines.at(rest), 0);
  EXPECT_FALSE(lines.contains(unknown));
  EXPECT_EQ(round(1022, {}).at(rest), 2);
}

TEST_F(LedgerTest, ShowsTransmitTimeoutsOfAllQueuesOfADevice) {
  RunRound({{"netstack_queue_transmit_timeouts_total", {"eth0", "0", ""}, 3},
            {"netstack_queue_transmit_timeouts_total", {"eth0", "1", ""}, 5},
            {"netstack_queue_transmit_timeouts_total", {"eth1", "", "sum"}, 9}});
  const auto lines = RunRound({{"netstack_queue_transmit_timeouts_total", {"eth0", "0", ""}, 4},
                               {"netstack_queue_transmit_timeouts_total", {"eth0", "1", ""}, 7},
                               {"netstack_queue_transmit_timeouts_total", {"eth1", "", "sum"}, 9}});
  EXPECT_EQ(lines.at("pressure_total transmit queue transmit_timeout eth0"), 3);
  EXPECT_EQ(lines.at("pressure_total transmit queue transmit_timeout eth1"), 0);
}

TEST_F(LedgerTest, TellsZeroAndBlindApartByDevice) {
  const auto lines = RunRound({{"netstack_link_info", {"eth0", "e1000e"}, 1},
                               {"netstack_link_info", {"eth1", "virtio_net"}, 1},
                               {"netstack_link_info", {"lo", ""}, 1},
                               {"netstack_link_receive_packets_total", {"eth0"}, 5},
                               {"netstack_link_receive_packets_total", {"eth1"}, 6},
                               {"netstack_link_receive_packets_total", {"lo"}, 7},
                               {"netstack_link_receive_missed_errors_total", {"eth0"}, 0},
                               {"netstack_link_receive_missed_errors_total", {"lo"}, 0},
                               {"netstack_link_receive_fifo_errors_total", {"eth1"}, 0}});
  EXPECT_EQ(lines.at("drops_total receive ring loss ring_overrun eth0"), 0);
  EXPECT_FALSE(lines.contains("drops_total receive ring loss ring_overrun eth1"));
  EXPECT_FALSE(lines.contains("drops_total receive ring loss ring_overrun lo"));
  EXPECT_EQ(lines.at("blind receive ring eth1 driver"), 1);
  EXPECT_FALSE(lines.contains("blind receive ring lo driver"));
  EXPECT_EQ(lines.at("packets_total receive ring eth0"), 5);
  EXPECT_EQ(lines.at("packets_total receive ingress lo"), 7);
  EXPECT_FALSE(lines.contains("packets_total receive ring lo"));
}

TEST_F(LedgerTest, SumsContainerPortsByIncreasesSoThatTheSumNeverFalls) {
  const auto round = [&](std::vector<std::pair<std::string_view, std::uint64_t>> ports) {
    std::vector<Given> given;
    for (const auto& [name, value] : ports) {
      given.push_back({"netstack_link_receive_packets_total", {name}, value, Visibility::kHidden});
    }
    return RunRound(given).at("packets_total receive ingress other");
  };
  EXPECT_EQ(round({{"veth1", 1000}, {"veth2", 50}}), 0);
  EXPECT_EQ(round({{"veth1", 1010}, {"veth2", 51}}), 11);
  EXPECT_EQ(round({{"veth2", 52}}), 12) << "veth1 vanished";
  EXPECT_EQ(round({{"veth2", 52}, {"veth3", 900}}), 12) << "a new one does not bring its past";
}

TEST_F(LedgerTest, LeavesStackedDevicesOut) {
  const auto lines =
      RunRound({{"netstack_link_receive_packets_total", {"eth0"}, 5},
                {"netstack_link_receive_packets_total", {"br0"}, 5, Visibility::kOffPath}});
  EXPECT_TRUE(lines.contains("packets_total receive ingress eth0"));
  EXPECT_FALSE(lines.contains("packets_total receive ingress br0"));
}

TEST_F(LedgerTest, ShowsARatioThatIsOneAlreadyByDevice) {
  const auto lines = RunRound({{"netstack_qdisc_fill_ratio", {"eth0"}, 50},
                               {"netstack_qdisc_fill_ratio", {"br0"}, 25, Visibility::kOffPath},
                               {"netstack_qdisc_fill_ratio", {"veth0"}, 99, Visibility::kHidden}});
  EXPECT_EQ(lines.at("saturation_ratio transmit qdisc queue eth0"), 0.5);
  EXPECT_FALSE(lines.contains("saturation_ratio transmit qdisc queue br0"));
  EXPECT_FALSE(lines.contains("saturation_ratio transmit qdisc queue veth0"));
}

TEST_F(LedgerTest, SaysThatADeviceHasNoQueue) {
  const auto lines = RunRound({{"netstack_link_info", {"eth0", "e1000e"}, 1},
                               {"netstack_link_info", {"eth1", "e1000e"}, 1},
                               {"netstack_qdisc_drops_total", {"eth0", "1:"}, 5}});
  EXPECT_EQ(lines.at("drops_total transmit qdisc loss qdisc_full eth0"), 0);
  EXPECT_EQ(lines.at("blind transmit qdisc eth1 no_queue"), 1);
  EXPECT_FALSE(lines.contains("blind transmit qdisc eth0 no_queue"));
}

constexpr std::string_view kPortErrors = "netstack_ethtool_receive_errors_total";
constexpr std::string_view kCrc = "netstack_link_receive_crc_errors_total";
const std::string kWireError = "drops_total receive wire error ";

// eth0 has both sources, eth1 what the driver gives to the kernel, eth2 what its port counts.
TEST_F(LedgerTest, TakesErrorsOfThePortWhereTheLinkHasNone) {
  const auto round = [this](std::uint64_t more) {
    return RunRound({{"netstack_link_info", {"eth0", "mlx5_core"}, 1},
                     {"netstack_link_info", {"eth1", "e1000e"}, 1},
                     {"netstack_link_info", {"eth2", "newdriver"}, 1},
                     {kCrc, {"eth0"}, 10 + more},
                     {kPortErrors, {"eth0", "fcs"}, 20 + more},
                     {kCrc, {"eth1"}, 30 + more},
                     {kPortErrors, {"eth2", "fcs"}, 40 + more},
                     {kPortErrors, {"eth2", "symbol"}, 50 + more},
                     {kPortErrors, {"eth2", "too_long"}, 60 + more},
                     {kPortErrors, {"eth2", "in_range_length"}, 70 + 2 * more}});
  };
  round(0);
  const auto lines = round(3);
  EXPECT_EQ(lines.at(kWireError + "crc eth0"), 13) << "as the kernel gives it";
  EXPECT_EQ(lines.at(kWireError + "crc eth1"), 33);
  EXPECT_EQ(lines.at(kWireError + "crc eth2"), 3) << "since it is looked at";
  EXPECT_EQ(lines.at(kWireError + "length eth2"), 9);
}

TEST_F(LedgerTest, BeginsAtZeroWhenAnotherSourceStandsIn) {
  const auto round = [this](const std::vector<Given>& errors) {
    std::vector<Given> given = {{"netstack_link_info", {"eth0", "newdriver"}, 1}};
    given.insert(given.end(), errors.begin(), errors.end());
    return RunRound(given).at(kWireError + "crc eth0");
  };
  const Given port = {kPortErrors, {"eth0", "fcs"}, 700};
  EXPECT_EQ(round({port, {kCrc, {"eth0"}, 500}}), 500);
  EXPECT_EQ(round({port}), 0) << "the link has none any more";
  EXPECT_EQ(round({{kPortErrors, {"eth0", "fcs"}, 704}}), 4);
  EXPECT_EQ(round({{kCrc, {"eth0"}, 600}}), 0) << "and has it again";
  EXPECT_EQ(round({{kCrc, {"eth0"}, 602}}), 2);
}

// rx_errors contains the frames with a bad checksum whoever counts them.
TEST_F(LedgerTest, DoesNotCountAnErrorOfThePortInTheRestAsWell) {
  const auto round = [this](std::uint64_t more) {
    return RunRound({{"netstack_link_info", {"eth0", "newdriver"}, 1},
                     {"netstack_link_receive_errors_total", {"eth0"}, 100 + 5 * more},
                     {kPortErrors, {"eth0", "fcs"}, 40 + 3 * more}});
  };
  round(0);
  const auto lines = round(1);
  EXPECT_EQ(lines.at(kWireError + "crc eth0"), 3);
  EXPECT_EQ(lines.at(kWireError + "other eth0"), 2);
}

TEST_F(LedgerTest, TellsPressureOfTheRingByTheEventsOfAllQueues) {
  const auto round = [this](std::uint64_t more) {
    return RunRound({{"netstack_link_info", {"eth0", "e1000e"}, 1},
                     {"netstack_queue_events_total", {"eth0", "0", "stop"}, 10 + more},
                     {"netstack_queue_events_total", {"eth0", "1", "busy"}, 20 + more},
                     {"netstack_queue_events_total", {"eth0", "1", "wake"}, 30 + more},
                     {"netstack_queue_events_total", {"eth0", "", "no_buffer"}, 40 + more}});
  };
  round(0);
  const auto lines = round(5);
  EXPECT_EQ(lines.at("pressure_total transmit ring ring_full eth0"), 10);
  EXPECT_EQ(lines.at("pressure_total receive ring no_buffer eth0"), 5);
  EXPECT_FALSE(lines.contains("pressure_total receive ring alloc_failed eth0"));
}

TEST_F(LedgerTest, GivesTheDropsOfClsactToTheirDirection) {
  const auto round = [this](std::uint64_t receive, std::uint64_t transmit, std::uint64_t either) {
    return RunRound({{"netstack_qdisc_clsact_drops_total", {"eth0", "receive"}, receive},
                     {"netstack_qdisc_clsact_drops_total", {"eth0", "transmit"}, transmit},
                     {"netstack_qdisc_clsact_drops_total", {"eth0", "either"}, either}});
  };
  round(0, 0, 0);
  const auto lines = round(3, 4, 5);
  EXPECT_EQ(lines.at("drops_total receive ingress policy filter eth0"), 3);
  EXPECT_EQ(lines.at("drops_total transmit egress policy filter eth0"), 4);
  EXPECT_EQ(lines.at("drops_total transmit egress policy filter_either_direction eth0"), 5);
}

// A part of the samples may be there.
TEST_F(LedgerTest, SaysThatALossIsLateRatherThanUnknownToTheDriver) {
  link_state_ = CollectorState::kTimeout;
  const auto lines = RunRound({{"netstack_link_info", {"eth0", "e1000e"}, 1}});
  EXPECT_EQ(lines.at("blind receive ring timeout"), 1);
  EXPECT_FALSE(lines.contains("blind receive ring eth0 driver"));
}

}  // namespace
}  // namespace netstack
