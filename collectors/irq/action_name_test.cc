#include "collectors/irq/action_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace netstack::irq {
namespace {

const std::vector<NetworkCard>& Cards() {
  static const std::vector<NetworkCard> cards = {
      {.name = "eth0", .label = "eth0", .driver = "ixgbe", .parent = "0000:03:00.0"},
      {.name = "eth01", .label = "eth01", .driver = "ice", .parent = "0000:04:00.0"},
      {.name = "ens5", .label = "ens5", .driver = "virtio_net", .parent = "virtio2"},
      {.name = "enp1s0f0", .label = "enp1s0f0", .driver = "mlx5_core", .parent = "0000:01:00.0"}};
  return cards;
}

// "eth0 receive 3", "eth0" without a queue, or "nobody".
std::string Understood(std::string_view actions) {
  const auto action = UnderstandActions(actions, Cards());
  if (!action) return "nobody";
  std::string text = Cards()[action->card].name;
  if (action->direction != Direction::kNone) text += " " + std::string(Slug(action->direction));
  if (action->queue) text += " " + std::to_string(*action->queue);
  return text;
}

TEST(ActionName, TellsTheQueueAsEachDriverWritesIt) {
  EXPECT_EQ(Understood("eth0-TxRx-0"), "eth0 combined 0");         // ixgbe, igb, bnxt_en
  EXPECT_EQ(Understood("eth0-rx-7"), "eth0 receive 7");            // e1000e
  EXPECT_EQ(Understood("eth0-tx-63"), "eth0 transmit 63");         // e1000e
  EXPECT_EQ(Understood("i40e-eth0-TxRx-12"), "eth0 combined 12");  // i40e
  EXPECT_EQ(Understood("ice-eth01-TxRx-1"), "eth01 combined 1");   // ice
  EXPECT_EQ(Understood("eth0-Tx-Rx-2"), "eth0 combined 2");        // ena
  EXPECT_EQ(Understood("eth0-rxtx-1"), "eth0 combined 1");         // vmxnet3, nfp
  EXPECT_EQ(Understood("eth0-txrx-1"), "eth0 combined 1");         // tg3
  EXPECT_EQ(Understood("eth0-fp-3"), "eth0 combined 3");           // qede
  EXPECT_EQ(Understood("eth0-q0-tx"), "eth0 transmit 0");          // xen_netfront
  EXPECT_EQ(Understood("virtio2-input.0"), "ens5 receive 0");
  EXPECT_EQ(Understood("virtio2-output.15"), "ens5 transmit 15");
  EXPECT_EQ(Understood("mlx5_comp7@pci:0000:01:00.0"), "enp1s0f0 combined 7");
  EXPECT_EQ(Understood("mlx4-4@0000:01:00.0"), "enp1s0f0 combined 4");
}

TEST(ActionName, KnowsACardsOtherInterrupts) {
  EXPECT_EQ(Understood("eth0"), "eth0");
  EXPECT_EQ(Understood("eth0-event-2"), "eth0");
  EXPECT_EQ(Understood("virtio2-config"), "ens5");
  EXPECT_EQ(Understood("mlx5_async0@pci:0000:01:00.0"), "enp1s0f0");
  EXPECT_EQ(Understood("ena-mgmnt@pci:0000:03:00.0"), "eth0");
}

TEST(ActionName, IsNobodysWhereItNamesNoCard) {
  EXPECT_EQ(Understood(""), "nobody");
  EXPECT_EQ(Understood("timer"), "nobody");
  EXPECT_EQ(Understood("eth012-TxRx-0"), "nobody");
  EXPECT_EQ(Understood("veth0-TxRx-0"), "nobody");
  EXPECT_EQ(Understood("virtio21-input.0"), "nobody");
  EXPECT_EQ(Understood("mlx5_comp0@pci:0000:01:00.1"), "nobody");
}

TEST(ActionName, DoesNotInventAQueue) {
  EXPECT_EQ(Understood("eth0-TxRx-"), "eth0");
  EXPECT_EQ(Understood("eth0-TxRx-x"), "eth0");
  EXPECT_EQ(Understood("eth0-TxRx-4294967295"), "eth0");
}

TEST(ActionName, LooksAtEveryActionOfASharedInterrupt) {
  EXPECT_EQ(Understood("ehci_hcd:usb1, eth0"), "eth0");
  EXPECT_EQ(Understood("ehci_hcd:usb1, timer"), "nobody");
}

}  // namespace
}  // namespace netstack::irq
