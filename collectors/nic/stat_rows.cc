#include "collectors/nic/stat_rows.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <span>
#include <string>

namespace netstack::nic {
namespace {

using enum Direction;

std::array<std::span<const StatRow>, 3> AllRows() {
  return {IntelRows(), VirtualRows(), VendorRows()};
}

// Whether `name` is `pattern`, and the number that its # stands for.
bool Matches(std::string_view name, std::string_view pattern, std::optional<std::uint32_t>& queue) {
  while (!pattern.empty() && (pattern.front() == '#' || pattern.front() == '*' ||
                              (!name.empty() && name.front() == pattern.front()))) {
    const char wanted = pattern.front();
    pattern.remove_prefix(1);
    if (wanted != '#' && wanted != '*') {
      name.remove_prefix(1);
      continue;
    }
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || number > UINT16_MAX) return false;
    name.remove_prefix(static_cast<std::size_t>(end - name.data()));
    if (wanted == '#') queue = number;
  }
  return pattern.empty() && name.empty();
}

}  // namespace

std::string_view Slug(Direction direction) {
  return direction == kReceive ? "receive" : "transmit";
}

bool IsKnownDriver(std::string_view driver) {
  return std::ranges::any_of(AllRows(), [&](std::span<const StatRow> rows) {
    return std::ranges::find(rows, driver, &StatRow::driver) != rows.end();
  });
}

std::optional<StatMeaning> MeaningOf(std::string_view driver, std::string_view name) {
  for (const std::span<const StatRow> rows : AllRows()) {
    for (const StatRow& row : rows) {
      std::optional<std::uint32_t> queue;
      if (row.driver == driver && Matches(name, row.pattern, queue)) {
        return StatMeaning{.row = &row, .queue = queue};
      }
    }
  }
  return std::nullopt;
}

std::optional<Direction> SectionOf(std::string_view driver, std::string_view name) {
  if (driver != "vmxnet3") return std::nullopt;
  if (name == "Rx Queue#") return kReceive;
  if (name == "Tx Queue#") return kTransmit;
  return std::nullopt;
}

Worth WorthOf(FamilyIndex family, std::string_view cause) {
  // What the ledger has: events that are pressure, and drops of XDP.
  static constexpr std::array<std::string_view, 6> kEventsOfPath = {
      "no_buffer", "ring_empty", "alloc_failed", "stop", "ring_full", "busy"};
  static constexpr std::array<std::string_view, 5> kDropsOfPath = {
      "xdp_drop", "xdp_aborted", "xdp_redirect", "xdp_transmit", "xdp_ring_full"};
  // What follows another event, tells of a timeout that netstack_queue_transmit_timeouts_total has,
  // or is a verdict of the card's filters.
  static constexpr std::array<std::string_view, 7> kDetails = {
      "wake",           "restart",    "timeout",    "refill_partial",
      "address_filter", "tag_filter", "spoof_check"};
  if (kFamilies[family].tier != Tier::kCore) return Worth::kDetail;
  if (std::ranges::find(kDetails, cause) != kDetails.end()) return Worth::kDetail;
  const std::span<const std::string_view> of_path =
      family == kEvents  ? std::span<const std::string_view>(kEventsOfPath)
      : family == kDrops ? std::span<const std::string_view>(kDropsOfPath)
                         : std::span<const std::string_view>();
  const bool is_of_path = std::ranges::find(of_path, cause) != of_path.end();
  return is_of_path ? Worth::kPathOnly : Worth::kShown;
}

bool LooksLikeTrouble(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::ranges::any_of(
      std::to_array<std::string_view>(
          {"err", "drop", "over", "miss", "timeout", "reset", "restart", "collis"}),
      [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace netstack::nic
