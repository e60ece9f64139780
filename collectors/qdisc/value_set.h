#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "collectors/qdisc/families.h"
#include "model/samples.h"

namespace netstack::qdisc {

// The numbers of one qdisc, or of many added up, by family.
class ValueSet {
 public:
  void Clear() { present_ = {}; }
  void Set(FamilyIndex family, Number value) {
    values_[family] = value;
    present_[family / kBits] |= std::uint64_t{1} << family % kBits;
  }
  bool Has(FamilyIndex family) const {
    return (present_[family / kBits] >> family % kBits & 1) != 0;
  }
  Number Get(FamilyIndex family) const { return values_[family]; }

  // Adds another's: counters and depths are added up, of limits and delays the largest counts.
  void Add(const ValueSet& other) {
    other.ForEachIndex([&](FamilyIndex family) {
      Set(family, Has(family) ? Joined(family, Get(family), other.Get(family)) : other.Get(family));
    });
  }

  template <class Visitor>
  void ForEach(Visitor&& visit) const {
    ForEachIndex([&](FamilyIndex family) { visit(kFamilies[family], values_[family]); });
  }

 private:
  static constexpr std::size_t kBits = 64;

  // Most qdiscs have few of all families.
  template <class Visitor>
  void ForEachIndex(Visitor&& visit) const {
    for (std::size_t word = 0; word < present_.size(); ++word) {
      for (std::uint64_t left = present_[word]; left != 0; left &= left - 1) {
        visit(static_cast<FamilyIndex>(word * kBits +
                                       static_cast<std::size_t>(std::countr_zero(left))));
      }
    }
  }

  static constexpr bool TakesLargest(FamilyIndex family) {
    return kFamilies[family].role == Role::kLimit || family == kQueueLengthMax ||
           family == kBacklogMax ||
           (kFamilies[family].role == Role::kWait && kFamilies[family].type == MetricType::kGauge);
  }
  static Number Joined(FamilyIndex family, Number a, Number b) {
    if (TakesLargest(family)) return a.AsDouble() < b.AsDouble() ? b : a;
    if (!a.is_integer) return a.real + b.AsDouble();
    const std::uint64_t sum = a.integer + b.integer;
    // The sum of counters of 32 bits wraps as they do, so that no wrap of one looks like a reset.
    return kFamilies[family].type == MetricType::kCounter && kFamilies[family].width == Width::k32
               ? sum & UINT32_MAX
               : sum;
  }

  std::array<Number, kFamilies.size()> values_ = MakeZeros();
  std::array<std::uint64_t, (kFamilies.size() + kBits - 1) / kBits> present_ = {};

  static constexpr std::array<Number, kFamilies.size()> MakeZeros() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<Number, sizeof...(I)>{((void)I, Number(std::uint64_t{0}))...};
    }
    (std::make_index_sequence<kFamilies.size()>());
  }
};

}  // namespace netstack::qdisc
