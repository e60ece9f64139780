// The kernel gives filters of tc and tcx programs one reason; the filters' qdisc counts theirs.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "exporter/path/ledger_test_host.h"
#include "exporter/path/overlaps_test_host.h"

namespace netstack {
namespace {

constexpr std::string_view kByReason = "netstack_skb_device_drops_total";
constexpr std::string_view kClsact = "netstack_qdisc_clsact_drops_total";
const std::string kIn = "drops_total receive ingress policy ";
const std::string kOut = "drops_total transmit egress policy ";

TEST(TcxOverlaps, MoveOneCauseOnly) {
  ExpectOneCauseMoves({
      {"tcx program on the way in",
       {{kByReason, "eth0", 7, "TC_INGRESS"}},
       "policy receive/ingress/tcx_program eth0"},
      {"filter of an ingress qdisc",
       {{kByReason, "eth0", 7, "TC_INGRESS"}, {"netstack_qdisc_ingress_drops_total", "eth0"}},
       "policy receive/ingress/filter eth0"},
      {"filter of clsact on the way in",
       {{kByReason, "eth0", 7, "TC_INGRESS"}, {kClsact, "eth0", 7, "receive"}},
       "policy receive/ingress/filter eth0"},
      {"tcx program on the way out",
       {{kByReason, "eth0", 7, "TC_EGRESS"}},
       "policy transmit/egress/tcx_program eth0"},
      {"filter of clsact on the way out",
       {{kByReason, "eth0", 7, "TC_EGRESS"}, {kClsact, "eth0", 7, "transmit"}},
       "policy transmit/egress/filter eth0"},
      {"filter on the way out of a container port",
       {{kByReason, "veth0", 7, "TC_EGRESS"}, {kClsact, "veth0", 7, "transmit"}},
       "policy transmit/egress/filter other"},
  });
}

TEST(TcxOverlaps, MoveOneCauseOnlyOfDevicesWithFiltersBothWays) {
  ExpectOneCauseMoves({
      {"filter on the way out",
       {{kByReason, "eth0", 7, "TC_EGRESS"}, {kClsact, "eth0", 7, "either"}},
       "policy transmit/egress/filter_either_direction eth0"},
      {"filter on the way in",
       {{kByReason, "eth0", 7, "TC_INGRESS"}, {kClsact, "eth0", 7, "either"}},
       "policy transmit/egress/filter_either_direction eth0"},
      {"tcx program on the way in",
       {{kByReason, "eth0", 7, "TC_INGRESS"}},
       "policy transmit/egress/tcx_program_either_direction eth0"},
      {"tcx program on the way out",
       {{kByReason, "eth0", 7, "TC_EGRESS"}},
       "policy transmit/egress/tcx_program_either_direction eth0"},
  });
}

class TcxLedger : public LedgerTest {
 protected:
  // The container ports veth0 and veth1 have filters; the reasons of theirs are those of other.
  std::map<std::string, double> RunPorts(std::uint64_t in, std::uint64_t out,
                                         std::uint64_t transmit0, std::uint64_t either1) {
    std::vector<Given> given = {{kByReason, {"other", "TC_INGRESS"}, in},
                                {kByReason, {"other", "TC_EGRESS"}, out}};
    const auto add = [&](std::string_view device, std::string_view direction, std::uint64_t value) {
      given.push_back({kClsact, {device, direction}, value, Visibility::kHidden});
    };
    add("veth0", "receive", 0);
    add("veth0", "transmit", transmit0);
    add("veth0", "either", 0);
    add("veth1", "receive", 0);
    add("veth1", "transmit", 0);
    add("veth1", "either", either1);
    return RunRound(given);
  }
};

TEST_F(TcxLedger, TakesContainerPortsForOneDevice) {
  RunPorts(100, 200, 50, 0);
  auto lines = RunPorts(103, 210, 54, 0);
  EXPECT_EQ(lines.at(kIn + "tcx_program other"), 3);
  EXPECT_EQ(lines.at(kOut + "tcx_program other"), 6);
  EXPECT_EQ(lines.at(kOut + "filter other"), 4);
  EXPECT_FALSE(lines.contains(kOut + "tcx_program_either_direction other"));

  lines = RunPorts(103, 212, 54, 2);
  EXPECT_FALSE(lines.contains(kIn + "tcx_program other"));
  EXPECT_FALSE(lines.contains(kOut + "tcx_program other"));
  EXPECT_EQ(lines.at(kOut + "tcx_program_either_direction other"), 0) << "from here on";
  lines = RunPorts(104, 220, 55, 4);
  EXPECT_EQ(lines.at(kOut + "tcx_program_either_direction other"), 6);
}

TEST_F(TcxLedger, IsSilentWhereTheFiltersAreNotTold) {
  const std::vector<Given> given = {{kByReason, {"eth0", "TC_INGRESS"}, 5}};
  EXPECT_TRUE(RunRound(given).contains(kIn + "tcx_program eth0"));
  link_state_ = CollectorState::kTimeout;
  EXPECT_FALSE(RunRound(given).contains(kIn + "tcx_program eth0"));
}

TEST_F(TcxLedger, IsBlindWithoutReasonsOnly) {
  EXPECT_TRUE(RunRound({}).contains("blind transmit egress no_ebpf"));
  const auto lines = RunRound({{"netstack_skb_received_drops_total", {"NETFILTER_DROP"}, 0},
                               {kByReason, {"eth0", "TC_EGRESS"}, 0}});
  EXPECT_FALSE(lines.contains("blind transmit egress no_ebpf"));
  EXPECT_FALSE(lines.contains("blind transmit egress no_reason"));
}

}  // namespace
}  // namespace netstack
