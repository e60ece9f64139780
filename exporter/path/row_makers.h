#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "exporter/path/rows.h"

// How a row of the tables of received and of transmitted packets is written: by its kind, with what
// that kind has. The path is said once for a whole table, by AllOn().
namespace netstack {

constexpr CountRow Flow(Stage stage, Terms plus, Per per, std::string_view says) {
  return {.kind = Kind::kFlow,
          .path = Path::kNone,
          .stage = stage,
          .plus = plus,
          .per = per,
          .says = says};
}

constexpr CountRow Drop(Stage stage, Class cls, std::string_view cause, Terms plus,
                        std::string_view says, Terms minus = {}, Per per = Per::kHost) {
  return {.kind = Kind::kDrop,
          .path = Path::kNone,
          .stage = stage,
          .cls = cls,
          .cause = cause,
          .plus = plus,
          .minus = minus,
          .per = per,
          .says = says};
}

constexpr CountRow Pressure(Stage stage, std::string_view cause, Terms plus, std::string_view says,
                            Per per = Per::kHost) {
  return {.kind = Kind::kPressure,
          .path = Path::kNone,
          .stage = stage,
          .cause = cause,
          .plus = plus,
          .per = per,
          .says = says};
}

// An event of a card's queues; its name says the direction too.
constexpr Term QueueEvent(std::string_view event) {
  return {.family = "netstack_queue_events_total", .label = "event", .value = event};
}

// What a card or its driver threw away, by its own words.
constexpr Term QueueDrop(std::string_view direction, std::string_view cause,
                         Per per = Per::kDevice) {
  return {.family = "netstack_queue_drops_total",
          .label = "cause",
          .value = cause,
          .second_label = "direction",
          .second_value = direction,
          .per = per};
}

// Packets that the kernel threw away, by device.
constexpr Term SkbDrop(std::string_view reason, Per per = Per::kDevice) {
  return {
      .family = "netstack_skb_device_drops_total", .label = "reason", .value = reason, .per = per};
}

// A loss that few drivers tell: without a number there is nothing to be said of a device.
constexpr CountRow RareDrop(CountRow row) {
  row.without = {};
  return row;
}

template <std::size_t kSize>
constexpr std::array<CountRow, kSize> AllOn(Path path, std::array<CountRow, kSize> rows) {
  for (CountRow& row : rows) row.path = path;
  return rows;
}

}  // namespace netstack
