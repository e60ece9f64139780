#include "exporter/path/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "exporter/path/families.h"

namespace netstack {
namespace {

constexpr auto kCpuFamilies = std::to_array<Family>({
    {.name = "netstack_softnet_dropped_total",
     .type = MetricType::kCounter,
     .width = Width::k32,
     .labels = {"cpu"},
     .help = "D."},
    {.name = "netstack_softnet_flow_limit_total",
     .type = MetricType::kCounter,
     .width = Width::k32,
     .labels = {"cpu"},
     .help = "F."},
    {.name = "netstack_softnet_backlog_packets", .labels = {"cpu"}, .help = "B."},
    {.name = "netstack_softnet_backlog_input_packets", .labels = {"cpu"}, .help = "B."},
    {.name = "netstack_tunable", .labels = {"name", "field"}, .help = "T."},
    {.name = "netstack_tcp_ext_listen_overflows_total", .type = MetricType::kCounter, .help = "L."},
    {.name = "netstack_listener_accept_queue_fill_ratio",
     .labels = {"address", "port"},
     .help = "F."},
    {.name = "netstack_udp_rcvbuf_errors_total",
     .type = MetricType::kCounter,
     .labels = {"ip_version"},
     .help = "U."},
    {.name = "netstack_queue_ring_overruns_total",
     .type = MetricType::kCounter,
     .labels = {"device", "queue"},
     .help = "O."},
    {.name = "netstack_queue_transmit_timeouts_total",
     .type = MetricType::kCounter,
     .labels = {"device", "queue", "aggregate"},
     .help = "T."},
});
constexpr auto kLinkFamilies = std::to_array<Family>({
    {.name = "netstack_qdisc_fill_ratio", .labels = {"device"}, .help = "R."},
    {.name = "netstack_qdisc_drops_total",
     .type = MetricType::kCounter,
     .width = Width::k32,
     .labels = {"device", "handle"},
     .help = "Q."},
    {.name = "netstack_link_info",
     .type = MetricType::kInfo,
     .labels = {"device", "driver"},
     .help = "I."},
    {.name = "netstack_link_receive_packets_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "P."},
    {.name = "netstack_link_receive_missed_errors_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "M."},
    {.name = "netstack_link_receive_dropped_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "D."},
    {.name = "netstack_queue_rps_cpus", .labels = {"device", "queue"}, .help = "R."},
    {.name = "netstack_queue_rps_flows", .labels = {"device", "queue"}, .help = "F."},
    {.name = "netstack_link_receive_fifo_errors_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "M."},
});
constexpr CollectorDeclaration kCpu = {.name = "cpu", .families = kCpuFamilies};
constexpr CollectorDeclaration kLink = {.name = "link", .families = kLinkFamilies};
constexpr std::array<const CollectorDeclaration*, 2> kCollectors = {&kCpu, &kLink};

bool IsOfLink(std::string_view family) {
  return std::any_of(kLinkFamilies.begin(), kLinkFamilies.end(),
                     [&](const Family& known) { return known.name == family; });
}

struct Given {
  std::string_view family;
  std::vector<std::string_view> labels;
  std::uint64_t value;
  Visibility visibility = Visibility::kEverywhere;
};

// A host made of two collectors, and the page's path lines as "family{values}" to value.
class LedgerTest : public testing::Test {
 protected:
  std::map<std::string, double> RunRound(const std::vector<Given>& given) {
    Samples cpu(kCpuFamilies, cpu_maximum);
    Samples link(kLinkFamilies);
    for (const Given& one : given) {
      Samples& to = IsOfLink(one.family) ? link : cpu;
      for (const Family& family : to.families()) {
        if (family.name != one.family) continue;
        const bool ratio = family.name.ends_with("_ratio");
        to.Add(family, one.labels,
               ratio ? Number(static_cast<double>(one.value) / 100) : Number(one.value),
               one.visibility);
      }
    }
    const std::array<CollectorReport, 2> reports = {
        CollectorReport{.declaration = &kCpu,
                        .asked = true,
                        .state = cpu_state,
                        .samples = cpu_state == CollectorState::kOk ? &cpu : nullptr},
        CollectorReport{.declaration = &kLink, .asked = true, .samples = &link}};
    ledger_.Update(reports);
    std::map<std::string, double> lines;
    for (std::size_t i = 0; i < kStageInfo; ++i) {
      ledger_.samples().ForEach(i, [&](const Samples::View& view) {
        std::string line(kPathFamilies[i].name.substr(14));
        view.ForEachLabel([&](std::size_t, std::string_view value) {
          if (!value.empty()) line += " " + std::string(value);
        });
        lines[line] = view.value().AsDouble();
      });
    }
    return lines;
  }
  CollectorState cpu_state = CollectorState::kOk;
  std::size_t cpu_maximum = SIZE_MAX;  // Of series.

 private:
  Ledger ledger_{kCollectors};
};

TEST_F(LedgerTest, CountsAPacketOfTheFlowLimitOnceOnly) {
  RunRound({{"netstack_softnet_dropped_total", {"0"}, 100},
            {"netstack_softnet_flow_limit_total", {"0"}, 40}});
  const auto lines = RunRound({{"netstack_softnet_dropped_total", {"0"}, 110},
                               {"netstack_softnet_flow_limit_total", {"0"}, 43}});
  EXPECT_EQ(lines.at("drops_total receive backlog loss backlog_full"), 7);
  EXPECT_EQ(lines.at("drops_total receive backlog loss flow_limit"), 3);
}

TEST_F(LedgerTest, CountsWhatAMaximumOfSeriesHides) {
  cpu_maximum = 1;
  RunRound({{"netstack_softnet_dropped_total", {"0"}, 100},
            {"netstack_softnet_dropped_total", {"1"}, 100}});
  const auto lines = RunRound({{"netstack_softnet_dropped_total", {"0"}, 101},
                               {"netstack_softnet_dropped_total", {"1"}, 120}});
  EXPECT_EQ(lines.at("drops_total receive backlog loss backlog_full"), 21);
}

TEST_F(LedgerTest, ShowsASingleKernelCounterAsItIs) {
  const auto lines = RunRound({{"netstack_tcp_ext_listen_overflows_total", {}, 20}});
  EXPECT_EQ(lines.at("drops_total receive listen loss accept_queue_full"), 20);
}

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

TEST_F(LedgerTest, StartsASumAtZeroAndKeepsItWhenAPartIsGone) {
  EXPECT_EQ(RunRound({{"netstack_udp_rcvbuf_errors_total", {"4"}, 50},
                      {"netstack_udp_rcvbuf_errors_total", {"6"}, 70}})
                .at("drops_total receive datagram loss receive_buffer_full"),
            0);
  EXPECT_EQ(RunRound({{"netstack_udp_rcvbuf_errors_total", {"4"}, 53},
                      {"netstack_udp_rcvbuf_errors_total", {"6"}, 70}})
                .at("drops_total receive datagram loss receive_buffer_full"),
            3);
  EXPECT_EQ(RunRound({{"netstack_udp_rcvbuf_errors_total", {"4"}, 53}})
                .at("drops_total receive datagram loss receive_buffer_full"),
            3);
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

TEST_F(LedgerTest, SaysWhyALossCannotBeSeen) {
  EXPECT_EQ(RunRound({}).at("blind receive backlog kernel"), 1);
  cpu_state = CollectorState::kTimeout;
  EXPECT_EQ(RunRound({}).at("blind receive backlog timeout"), 1);
  cpu_state = CollectorState::kOk;
  EXPECT_EQ(RunRound({}).at("blind receive tcp disabled"), 1) << "nobody declares its counters";
}

TEST_F(LedgerTest, DividesTheWorstCpuByTheLimit) {
  const Given limit = {"netstack_tunable", {"net.core.netdev_max_backlog", "current"}, 1000};
  const Given other = {"netstack_tunable", {"net.core.somaxconn", "current"}, 7};
  EXPECT_EQ(RunRound({limit,
                      other,
                      {"netstack_softnet_backlog_packets", {"0"}, 900},
                      {"netstack_softnet_backlog_input_packets", {"0"}, 20},
                      {"netstack_softnet_backlog_input_packets", {"1"}, 500}})
                .at("saturation_ratio receive backlog backlog"),
            0.5);
  EXPECT_EQ(RunRound({limit, {"netstack_softnet_backlog_packets", {"0"}, 900}})
                .at("saturation_ratio receive backlog backlog"),
            0.9)
      << "an older kernel tells the total only";
  EXPECT_FALSE(RunRound({{"netstack_softnet_backlog_packets", {"0"}, 900}})
                   .contains("saturation_ratio receive backlog backlog"));
}

// A _ratio is given in hundredths.
TEST_F(LedgerTest, TakesTheFullestOfMembersWithLimitsOfTheirOwn) {
  const auto fill = [](std::string_view port, std::uint64_t hundredths) {
    return Given{"netstack_listener_accept_queue_fill_ratio", {"0.0.0.0", port}, hundredths};
  };
  const std::string line = "saturation_ratio receive listen accept_queue";
  EXPECT_EQ(RunRound({fill("80", 25), fill("443", 125), fill("22", 0)}).at(line), 1.25)
      << "a queue holds one more than its limit";
  EXPECT_EQ(RunRound({fill("80", 0)}).at(line), 0);
  EXPECT_FALSE(RunRound({}).contains(line)) << "no listener is not an empty queue";
}

}  // namespace
}  // namespace netstack
