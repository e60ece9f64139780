#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "collectors/qdisc/families.h"
#include "collectors/qdisc/qdisc_message.h"
#include "kernel/netlink/attribute.h"
#include "model/samples.h"

namespace netstack::qdisc {

// Where a kind of qdisc keeps one number.
struct KindRow {
  enum class In : std::uint8_t {
    kOptions,  // TCA_OPTIONS is a structure.
    kOwn,      // TCA_STATS_APP is a structure.
    kOptionAttribute,
    kOwnAttribute,
  };
  In in;
  std::uint16_t attribute;  // 0 for a structure.
  std::size_t offset;       // In the structure or in the attribute.
  std::size_t size;         // 4 or 8 bytes.
  FamilyIndex family;
  double divisor = 0;  // To the family's unit; 0: shown as it is.
};

// The rows of a kind; empty for one without limits and statistics.
std::span<const KindRow> RowsOf(std::string_view kind);

// The number of a row; false when this kernel does not give it.
bool ReadKindRow(const Qdisc& qdisc, const KindRow& row, std::uint64_t& value);

constexpr Number InUnit(std::uint64_t value, double divisor) {
  return divisor == 0 ? Number(value) : Number(static_cast<double>(value) / divisor);
}

// Calls `visit(FamilyIndex, Number)` for each limit and statistic that the kind of `qdisc` has.
template <class Visitor>
void ForEachKindValue(const Qdisc& qdisc, Visitor&& visit) {
  for (const KindRow& row : RowsOf(qdisc.kind)) {
    std::uint64_t value = 0;
    if (ReadKindRow(qdisc, row, value)) visit(row.family, InUnit(value, row.divisor));
  }
}

// The tins of a cake, which are numbered from 1.
struct TinRow {
  std::uint16_t attribute;
  FamilyIndex family;
  double divisor = 0;
};
std::span<const TinRow> TinRows();
std::span<const std::byte> CakeTins(const Qdisc& qdisc);

// Calls `visit(tin number, FamilyIndex, Number)` for each number of each tin.
template <class Visitor>
void ForEachCakeTin(const Qdisc& qdisc, Visitor&& visit) {
  NetlinkAttributes tins(CakeTins(qdisc));
  NetlinkAttribute tin;
  while (tins.Next(tin)) {
    NetlinkAttributes numbers(tin.data);
    NetlinkAttribute number;
    while (numbers.Next(number)) {
      for (const TinRow& row : TinRows()) {
        if (row.attribute != number.type) continue;
        if (const auto value = number.U32())
          visit(tin.type, row.family, InUnit(*value, row.divisor));
      }
    }
  }
}

}  // namespace netstack::qdisc
