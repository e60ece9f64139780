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

template <std::size_t kSize>
constexpr std::array<CountRow, kSize> AllOn(Path path, std::array<CountRow, kSize> rows) {
  for (CountRow& row : rows) row.path = path;
  return rows;
}

}  // namespace netstack
