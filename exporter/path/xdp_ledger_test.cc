#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "exporter/path/ledger_test_host.h"

namespace netstack {
namespace {

const std::string kNative = "drops_total receive xdp policy native_program ";
const std::string kRest = "drops_total receive ingress policy unattributed ";
const std::string kBlind = "blind receive xdp ";

class XdpLedger : public LedgerTest {
 protected:
  // Two cards that are not steered, what their drivers say of XDP, and their rx_dropped.
  std::map<std::string, double> RunCards(std::uint64_t virtio_xdp, std::uint64_t virtio_dropped,
                                         std::uint64_t vmxnet_xdp, std::uint64_t vmxnet_dropped) {
    return RunRound(
        {{"netstack_link_info", {"eth0", "virtio_net"}, 1},
         {"netstack_link_info", {"eth1", "vmxnet3"}, 1},
         {"netstack_queue_rps_cpus", {"eth0", "0"}, 0},
         {"netstack_queue_rps_flows", {"eth0", "0"}, 0},
         {"netstack_queue_rps_cpus", {"eth1", "0"}, 0},
         {"netstack_queue_rps_flows", {"eth1", "0"}, 0},
         {"netstack_queue_drops_total", {"eth0", "receive", "0", "xdp_drop"}, 9},
         {"netstack_queue_drops_total", {"eth0", "receive", "1", "xdp_drop"}, virtio_xdp},
         {"netstack_queue_drops_total", {"eth1", "receive", "0", "xdp_drop"}, vmxnet_xdp},
         {"netstack_link_receive_dropped_total", {"eth0"}, virtio_dropped},
         {"netstack_link_receive_dropped_total", {"eth1"}, vmxnet_dropped}});
  }
};

TEST_F(XdpLedger, IsTakenOffRxDroppedOfThoseDriversOnlyThatHaveItThere) {
  RunCards(100, 200, 100, 200);
  const auto lines = RunCards(107, 210, 107, 210);
  EXPECT_EQ(lines.at(kNative + "eth0"), 7);
  EXPECT_EQ(lines.at(kRest + "eth0"), 3);
  EXPECT_EQ(lines.at(kNative + "eth1"), 7);
  EXPECT_EQ(lines.at(kRest + "eth1"), 10);
}

TEST_F(XdpLedger, TakesWordsOfTheOtherDirectionForNothing) {
  const auto lines =
      RunRound({{"netstack_queue_drops_total", {"eth0", "transmit", "0", "xdp_drop"}, 9},
                {"netstack_queue_drops_total", {"eth0", "receive", "0", "dropped"}, 9}});
  EXPECT_FALSE(lines.contains(kNative + "eth0"));
}

TEST_F(XdpLedger, CountsTheProgramsOfVethsWhereNobodyReadsTheirStatistics) {
  const auto run = [this](std::uint64_t by_function) {
    return RunRound({{"netstack_link_info", {"eth0", "igb"}, 1},
                     {"netstack_skb_device_drops_total", {"eth0", "veth_xdp"}, 0},
                     {"netstack_skb_device_drops_total", {"other", "veth_xdp"}, by_function}});
  };
  run(5);
  const auto lines = run(9);
  EXPECT_EQ(lines.at(kNative + "other"), 4);
  EXPECT_FALSE(lines.contains(kNative + "eth0")) << "a card's programs give no packets up";
}

TEST_F(XdpLedger, IsBlindUntilFunctionsAreKnown) {
  EXPECT_EQ(RunRound({}).at(kBlind + "no_ebpf"), 1);
  const Given reasons = {"netstack_skb_received_drops_total", {"NETFILTER_DROP"}, 0};
  const auto without = RunRound({reasons});
  EXPECT_EQ(without.at(kBlind + "no_reason"), 1);
  EXPECT_FALSE(without.contains(kBlind + "no_ebpf"));
  const Given functions = {"netstack_skb_device_drops_total", {"eth0", "generic_xdp"}, 0};
  EXPECT_FALSE(RunRound({reasons, functions}).contains(kBlind + "no_reason"));
  EXPECT_FALSE(RunRound({functions}).contains(kBlind + "no_ebpf")) << "before Linux 5.17";
}

TEST_F(XdpLedger, IsBlindForCardsWhoseDriverDoesNotCount) {
  const auto lines = RunRound({{"netstack_link_info", {"eth0", "igb"}, 1},
                               {"netstack_link_info", {"eth1", "e1000e"}, 1},
                               {"netstack_link_info", {"br0", ""}, 1}});
  EXPECT_EQ(lines.at(kBlind + "eth0 driver"), 1);
  EXPECT_FALSE(lines.contains(kBlind + "eth1 driver")) << "it runs no programs";
  EXPECT_FALSE(lines.contains(kBlind + "br0 driver"));
}

TEST_F(XdpLedger, LosesNothingThatOnlyFewDriversTellInTheEyesOfTheOthers) {
  const auto lines = RunRound({{"netstack_link_info", {"eth1", "e1000e"}, 1}});
  for (const auto& [line, value] : lines) EXPECT_FALSE(line.starts_with(kBlind + "eth1")) << line;
}

}  // namespace
}  // namespace netstack
