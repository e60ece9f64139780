#include "collectors/irq/action_name.h"

#include <array>

#include "kernel/text.h"

namespace netstack::irq {
namespace {

// What stands around the queue's number once the card's own name is off.
struct NameRow {
  std::string_view before;
  std::string_view after;
  Direction direction;
};
constexpr auto kNames = std::to_array<NameRow>({
    {"TxRx-", "", Direction::kCombined},      // ixgbe, igb, igc, i40e, ice, iavf, bnxt_en
    {"Tx-Rx-", "", Direction::kCombined},     // ena
    {"rxtx-", "", Direction::kCombined},      // vmxnet3, nfp
    {"txrx-", "", Direction::kCombined},      // tg3
    {"fp-", "", Direction::kCombined},        // qede, bnx2x
    {"rx-", "", Direction::kReceive},         // e1000e, igb with few vectors
    {"tx-", "", Direction::kTransmit},        // e1000e, igb with few vectors
    {"input.", "", Direction::kReceive},      // virtio_net
    {"output.", "", Direction::kTransmit},    // virtio_net
    {"mlx5_comp", "", Direction::kCombined},  // mlx5_core
    {"mlx4-", "", Direction::kCombined},      // mlx4_core; vectors, counted from 1
    {"q", "-rx", Direction::kReceive},        // xen_netfront
    {"q", "-tx", Direction::kTransmit},       // xen_netfront
    {"q", "", Direction::kCombined},          // xen_netfront
});

// The card by its own name, alone or between dashes: "eth0", "eth0-rx-0", "i40e-eth0-TxRx-0".
// Gives what follows the name.
std::optional<std::string_view> AfterName(std::string_view action, std::string_view name) {
  for (std::size_t at = action.find(name); at != std::string_view::npos;
       at = action.find(name, at + 1)) {
    const std::string_view rest = action.substr(at + name.size());
    const bool begins = at == 0 || action[at - 1] == '-';
    if (begins && rest.empty()) return rest;
    if (begins && rest.starts_with('-')) return rest.substr(1);
  }
  return std::nullopt;
}

// "mlx5_comp0" of "mlx5_comp0@pci:0000:03:00.0" if that is the card's address.
std::optional<std::string_view> BeforeAddress(std::string_view action, std::string_view address) {
  const std::size_t at = action.rfind('@');
  if (at == std::string_view::npos || address.empty()) return std::nullopt;
  std::string_view where = action.substr(at + 1);
  if (where.starts_with("pci:")) where.remove_prefix(4);
  if (where != address) return std::nullopt;
  return action.substr(0, at);
}

std::optional<std::string_view> AfterParent(std::string_view action, std::string_view parent) {
  if (parent.empty() || !action.starts_with(parent)) return std::nullopt;
  const std::string_view rest = action.substr(parent.size());
  if (!rest.starts_with('-')) return std::nullopt;
  return rest.substr(1);
}

Action WithQueue(std::size_t card, std::string_view rest) {
  for (const NameRow& row : kNames) {
    if (rest.size() <= row.before.size() + row.after.size()) continue;
    if (!rest.starts_with(row.before) || !rest.ends_with(row.after)) continue;
    const std::string_view digits =
        rest.substr(row.before.size(), rest.size() - row.before.size() - row.after.size());
    const std::optional<std::uint64_t> queue = ParseDecimal(digits);
    if (!queue || *queue > UINT16_MAX) continue;
    return {.card = card, .direction = row.direction, .queue = static_cast<std::uint32_t>(*queue)};
  }
  return {.card = card};
}

std::optional<Action> Understand(std::string_view action, std::span<const NetworkCard> cards) {
  std::optional<Action> found;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const NetworkCard& card = cards[i];
    if (const auto rest = BeforeAddress(action, card.parent)) return WithQueue(i, *rest);
    if (const auto rest = AfterParent(action, card.parent)) return WithQueue(i, *rest);
    // A card named "rx" must not take what is another's.
    if (const auto rest = AfterName(action, card.name); rest && card.name.size() > longest) {
      longest = card.name.size();
      found = WithQueue(i, *rest);
    }
  }
  return found;
}

}  // namespace

std::string_view Slug(Direction direction) {
  constexpr std::array<std::string_view, 4> kSlugs = {"", "receive", "transmit", "combined"};
  return kSlugs.at(static_cast<std::size_t>(direction));
}

std::optional<Action> UnderstandActions(std::string_view actions,
                                        std::span<const NetworkCard> cards) {
  while (!actions.empty()) {
    const std::size_t comma = actions.find(',');
    const std::string_view action = Trimmed(actions.substr(0, comma));
    if (const auto understood = Understand(action, cards)) return understood;
    if (comma == std::string_view::npos) break;
    actions.remove_prefix(comma + 1);
  }
  return std::nullopt;
}

}  // namespace netstack::irq
