#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "collectors/network_cards.h"

namespace netstack::irq {

enum class Direction : std::uint8_t { kNone, kReceive, kTransmit, kCombined };
std::string_view Slug(Direction direction);  // Empty for kNone.

// Whose interrupt it is, as far as the name tells.
struct Action {
  std::size_t card = 0;  // Position in the cards given.
  Direction direction = Direction::kNone;
  // Not there for interrupts that are no queue's: link, configuration, administration.
  std::optional<std::uint32_t> queue = {};
  bool operator==(const Action&) const = default;
};

// Understands what drivers call their interrupts: "eth0-TxRx-3", "virtio2-input.0",
// "mlx5_comp7@pci:0000:03:00.0". `actions` is a list separated by commas; the first that belongs
// to a card counts. nullopt when none does.
std::optional<Action> UnderstandActions(std::string_view actions,
                                        std::span<const NetworkCard> cards);

}  // namespace netstack::irq
