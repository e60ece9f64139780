// What XDP programs drop is in several counters of some drivers, and in one of others.
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "exporter/path/overlaps_test_host.h"

namespace netstack {
namespace {

constexpr std::string_view kByReason = "netstack_skb_device_drops_total";

// With or without drop reasons.
std::vector<Overlap> OfDrivers() {
  return {
      {"XDP_DROP of a driver that tells it in rx_dropped too",
       {{"netstack_queue_drops_total", "eth2", 7, "receive/xdp_drop"},
        {"netstack_link_receive_dropped_total", "eth2"}},
       "policy receive/xdp/native_program eth2"},
      {"XDP_DROP of a driver that tells it apart",
       {{"netstack_queue_drops_total", "eth1", 7, "receive/xdp_drop"}},
       "policy receive/xdp/native_program eth1"},
      {"XDP program that failed",
       {{"netstack_queue_drops_total", "eth1", 7, "receive/xdp_aborted"}},
       "error receive/xdp/program_failed eth1"},
      {"frame of XDP that nobody took",
       {{"netstack_queue_drops_total", "eth1", 7, "receive/xdp_redirect"}},
       "loss receive/xdp/redirect_failed eth1"},
      {"frame of XDP that could not be sent back",
       {{"netstack_queue_drops_total", "eth1", 7, "receive/xdp_transmit"}},
       "loss receive/xdp/send_back_failed eth1"},
      {"what a card dropped otherwise, in words of XDP's",
       {{"netstack_queue_drops_total", "eth1", 7, "transmit/xdp_drop"}},
       ""},
      {"ring too full for XDP",
       {{"netstack_queue_drops_total", "eth2", 7, "transmit/xdp_ring_full"}},
       "loss transmit/ring/xdp_ring_full eth2"},
  };
}

std::vector<Overlap> OfTheKernel() {
  return {
      {"XDP_DROP of a veth",
       {{kByReason, "veth0", 7, "veth_xdp"}},
       "policy receive/xdp/native_program other"},
      {"XDP_DROP above the driver",
       {{kByReason, "eth0", 7, "generic_xdp"}},
       "policy receive/xdp/generic_program eth0"},
      {"XDP_DROP above a veth",
       {{kByReason, "veth0", 7, "generic_xdp"}},
       "policy receive/xdp/generic_program other"},
      {"packet of XDP that nobody took",
       {{kByReason, "eth0", 7, "XDP"}},
       "loss receive/xdp/redirect_failed eth0"},
  };
}

TEST(XdpOverlaps, MoveOneCauseOnly) {
  ExpectOneCauseMoves(OfDrivers());
}

TEST(XdpOverlaps, MoveOneCauseOnlyWhereReasonsAreSeen) {
  std::vector<Overlap> all = OfDrivers();
  const std::vector<Overlap> more = OfTheKernel();
  all.insert(all.end(), more.begin(), more.end());
  ExpectOneCauseMoves(all);
}

}  // namespace
}  // namespace netstack
