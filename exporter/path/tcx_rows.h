#pragma once

#include "exporter/path/row_makers.h"

// The rows of what tc drops before and after IP. The kernel has one reason for filters and for
// programs attached with tcx; the qdisc of the filters counts theirs, so the rest is of tcx
// (docs/decisions/0006).
namespace netstack {

constexpr Term ClsactDrop(std::string_view direction) {
  return {.family = "netstack_qdisc_clsact_drops_total", .label = "direction", .value = direction};
}
inline constexpr Term kIngressQdiscDrop = {.family = "netstack_qdisc_ingress_drops_total"};

// What `row` has less of filters. With filters both ways the directions of a device cannot be told
// apart.
constexpr CountRow RestOfFilters(CountRow row, bool is_direction_known) {
  row.is_rest = true;
  row.where = ClsactDrop("either");
  row.is_where_absent = is_direction_known;
  row.is_where_above_zero = true;
  return row;
}

}  // namespace netstack
