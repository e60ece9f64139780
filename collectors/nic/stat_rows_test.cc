#include "collectors/nic/stat_rows.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace netstack::nic {
namespace {

// "family direction queue cause" of a name, or "nothing".
std::string Meaning(std::string_view driver, std::string_view name) {
  const auto meaning = MeaningOf(driver, name);
  if (!meaning) return "nothing";
  std::string text(kFamilies[meaning->row->family].name.substr(15));
  text += " " + std::string(Slug(meaning->row->direction));
  if (meaning->queue) text += " " + std::to_string(*meaning->queue);
  if (!meaning->row->cause.empty()) text += " " + std::string(meaning->row->cause);
  return text;
}

TEST(StatRows, KnowEachDriversWayToNameAQueue) {
  EXPECT_EQ(Meaning("ixgbe", "rx_queue_12_packets"), "packets_total receive 12");
  EXPECT_EQ(Meaning("i40e", "tx-63.bytes"), "bytes_total transmit 63");
  EXPECT_EQ(Meaning("i40e", "rx-0.rx_packets"), "packets_total receive 0");
  EXPECT_EQ(Meaning("ena", "queue_3_rx_cnt"), "packets_total receive 3");
  EXPECT_EQ(Meaning("bnxt_en", "[7]: rx_discards"), "drops_total receive 7 no_buffer");
  EXPECT_EQ(Meaning("gve", "rx_queue_drop_cnt[5]"), "ring_overruns_total receive 5");
  EXPECT_EQ(Meaning("qede", "3_0: xmit_pkts"), "packets_total transmit 3");
  EXPECT_EQ(Meaning("qede", "3: rcv_pkts"), "packets_total receive 3");
  EXPECT_EQ(Meaning("nfp", "rvec_11_tx_busy"), "events_total transmit 11 busy");
  EXPECT_EQ(Meaning("sfc", "rx-2.rx_packets"), "packets_total receive 2");
  EXPECT_EQ(Meaning("bnx2x", "[4]: rx_discards"), "drops_total receive 4 no_buffer");
  EXPECT_EQ(Meaning("be2net", "rxq1: rx_drops_no_frags"), "drops_total receive 1 no_buffer");
  EXPECT_EQ(Meaning("mlx5_core", "tx0_stopped"), "events_total transmit 0 stop");
  EXPECT_EQ(Meaning("virtio_net", "rx_queue_0_drops"), "drops_total receive 0 dropped");
  EXPECT_EQ(Meaning("virtio_net", "rx0_drops"), "drops_total receive 0 dropped");
  EXPECT_EQ(Meaning("vmxnet3", "rx:pkts rx OOB"), "ring_overruns_total receive");
}

TEST(StatRows, KnowTheDriversOfCommonCards) {
  for (const std::string_view driver :
       {"ixgbe",     "igb", "igc",     "e1000e", "i40e",       "iavf",    "ice",       "mlx4_core",
        "mlx5_core", "ena", "bnxt_en", "gve",    "virtio_net", "vmxnet3", "hv_netvsc", "tg3",
        "qede",      "nfp", "sfc",     "bnx2x",  "be2net",     "r8169",   "veth"}) {
    EXPECT_TRUE(IsKnownDriver(driver)) << driver;
  }
  EXPECT_FALSE(IsKnownDriver("somebody"));
}

TEST(StatRows, KnowWhatADriverHasForTheWholeCard) {
  EXPECT_EQ(Meaning("i40e", "port.rx_dropped"), "ring_overruns_total receive");
  EXPECT_EQ(Meaning("ice", "rx_dropped.nic"), "ring_overruns_total receive");
  EXPECT_EQ(Meaning("bnx2x", "rx_brb_discard"), "ring_overruns_total receive");
  EXPECT_EQ(Meaning("ice", "rx_unknown_protocol"), "drops_total receive unknown_protocol");
  EXPECT_EQ(Meaning("ixgbe", "rx_no_dma_resources"), "ring_overruns_total receive");
  EXPECT_EQ(Meaning("mlx5_core", "outbound_pci_buffer_overflow"),
            "drops_total receive pci_buffer_full");
  EXPECT_EQ(Meaning("bnxt_en", "rx_stat_discard"), "drops_total receive port_buffer_full");
  EXPECT_EQ(Meaning("gve", "page_alloc_fail"), "events_total receive alloc_failed");
  EXPECT_EQ(Meaning("hv_netvsc", "vf_tx_dropped"), "drops_total transmit dropped");
  EXPECT_EQ(Meaning("tg3", "dma_readq_full"), "events_total transmit dma_queue_full");
  EXPECT_EQ(Meaning("nfp", "dev_tx_errors"), "drops_total transmit error");
}

TEST(StatRows, TellWhatAnXdpProgramDroppedFromWhatWasLostByIt) {
  for (const auto& [driver, name] : std::to_array<std::array<const char*, 2>>({
           {"ena", "queue_3_rx_xdp_drop"},
           {"gve", "rx_xdp_drop[3]"},
           {"hv_netvsc", "rx_queue_3_xdp_drop"},
           {"mlx4_core", "rx3_xdp_drop"},
           {"mlx5_core", "rx3_xdp_drop"},
           {"mlx5_core", "rx3_xsk_xdp_drop"},
           {"veth", "rx_queue_3_xdp_drops"},
           {"virtio_net", "rx3_xdp_drops"},
           {"virtio_net", "rx_queue_3_xdp_drops"},
           {"vmxnet3", "rx:xdp drops"},
       })) {
    const std::string meaning = Meaning(driver, name);
    EXPECT_TRUE(meaning.starts_with("drops_total receive") && meaning.ends_with(" xdp_drop"))
        << driver << " " << name << ": " << meaning;
  }
  EXPECT_EQ(Meaning("sfc", "rx_xdp_drops"), "drops_total receive xdp_drop");
  EXPECT_EQ(Meaning("sfc", "rx_xdp_bad_drops"), "drops_total receive xdp_aborted");
  EXPECT_EQ(Meaning("vmxnet3", "rx:xdp aborted"), "drops_total receive xdp_aborted");
  EXPECT_EQ(Meaning("gve", "rx_xdp_redirect_errors[0]"), "drops_total receive 0 xdp_redirect");
  EXPECT_EQ(Meaning("mlx4_core", "rx0_xdp_tx_full"), "drops_total receive 0 xdp_transmit");
  EXPECT_EQ(Meaning("virtio_net", "tx0_xdp_tx_drops"), "drops_total transmit 0 xdp_ring_full");
}

TEST(StatRows, MatchWholeNamesOnly) {
  EXPECT_EQ(Meaning("ixgbe", "rx_queue_12_packets2"), "nothing");
  EXPECT_EQ(Meaning("ixgbe", "rx_queue__packets"), "nothing");
  EXPECT_EQ(Meaning("ixgbe", "rx_queue_-1_packets"), "nothing");
  EXPECT_EQ(Meaning("ixgbe", "rx_queue_99999999999_packets"), "nothing");
  EXPECT_EQ(Meaning("ixgbe", "rx_queue_"), "nothing");
  EXPECT_EQ(Meaning("qede", "3_: xmit_pkts"), "nothing");
  EXPECT_EQ(Meaning("qede", "3_x: xmit_pkts"), "nothing");
  EXPECT_EQ(Meaning("bnx2x", "[fcoe]: rx_discards"), "nothing");
  EXPECT_EQ(Meaning("mlx5_core", "rx0_xdp_packets"), "nothing");
  EXPECT_EQ(Meaning("somebody", "rx_queue_12_packets"), "nothing");
}

TEST(StatRows, LeaveOutTotalsThatTheLinkCollectorHas) {
  EXPECT_EQ(Meaning("e1000e", "rx_missed_errors"), "nothing");
  EXPECT_EQ(Meaning("mlx5_core", "rx_out_of_buffer"), "nothing");
}

TEST(StatRows, BeginASectionForEachQueueOfAVmxnet3) {
  EXPECT_EQ(SectionOf("vmxnet3", "Rx Queue#"), Direction::kReceive);
  EXPECT_EQ(SectionOf("vmxnet3", "Tx Queue#"), Direction::kTransmit);
  EXPECT_EQ(SectionOf("vmxnet3", "pkts rx err"), std::nullopt);
  EXPECT_EQ(SectionOf("ixgbe", "Rx Queue#"), std::nullopt);
}

TEST(StatRows, FindTheWordsOfTrouble) {
  for (const char* const name : {"rx_errors", "RxDrops", "fifo_overrun", "missed", "Tx Timeout",
                                 "resets", "tx_restart", "collisions"}) {
    EXPECT_TRUE(LooksLikeTrouble(name)) << name;
  }
  EXPECT_FALSE(LooksLikeTrouble("rx_packets"));
  EXPECT_FALSE(LooksLikeTrouble(""));
}

}  // namespace
}  // namespace netstack::nic
