#include "exporter/path/ledger.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "exporter/path/ledger_test_host.h"

namespace netstack {
namespace {

TEST_F(LedgerTest, CountsAPacketOfTheFlowLimitOnceOnly) {
  RunRound({{"netstack_softnet_dropped_total", {"0"}, 100},
            {"netstack_softnet_flow_limit_total", {"0"}, 40}});
  const auto lines = RunRound({{"netstack_softnet_dropped_total", {"0"}, 110},
                               {"netstack_softnet_flow_limit_total", {"0"}, 43}});
  EXPECT_EQ(lines.at("drops_total receive backlog loss backlog_full"), 7);
  EXPECT_EQ(lines.at("drops_total receive backlog loss flow_limit"), 3);
}

TEST_F(LedgerTest, CountsWhatAMaximumOfSeriesHides) {
  cpu_maximum_ = 1;
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

TEST_F(LedgerTest, SaysWhyALossCannotBeSeen) {
  EXPECT_EQ(RunRound({}).at("blind receive backlog kernel"), 1);
  cpu_state_ = CollectorState::kTimeout;
  EXPECT_EQ(RunRound({}).at("blind receive backlog timeout"), 1);
  cpu_state_ = CollectorState::kPartial;
  cpu_error_ = {.kind = ErrorKind::kNoPermission};
  EXPECT_EQ(RunRound({}).at("blind receive backlog no_permission"), 1) << "of this file only";
  cpu_error_ = {.kind = ErrorKind::kMalformed};
  EXPECT_EQ(RunRound({}).at("blind receive backlog kernel"), 1);
  cpu_error_ = {};
  cpu_state_ = CollectorState::kOk;
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
