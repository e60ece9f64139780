#pragma once

#include <array>
#include <bitset>

#include "collectors/qdisc/families.h"
#include "model/samples.h"

namespace netstack::qdisc {

// The numbers of one qdisc, or of many added up, by family.
class ValueSet {
 public:
  void Clear() { present_.reset(); }
  void Set(FamilyIndex family, Number value) {
    values_[family] = value;
    present_.set(family);
  }
  bool Has(FamilyIndex family) const { return present_.test(family); }
  Number Get(FamilyIndex family) const { return values_[family]; }

  // Adds another's: counters and depths are added up, of limits and delays the largest counts.
  void Add(const ValueSet& other) {
    for (std::size_t i = 0; i < kFamilies.size(); ++i) {
      const auto family = static_cast<FamilyIndex>(i);
      if (!other.Has(family)) continue;
      Set(family, Has(family) ? Joined(family, Get(family), other.Get(family)) : other.Get(family));
    }
  }

  template <class Visitor>
  void ForEach(Visitor&& visit) const {
    for (std::size_t i = 0; i < kFamilies.size(); ++i) {
      if (present_.test(i)) visit(kFamilies[i], values_[i]);
    }
  }

 private:
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
  std::bitset<kFamilies.size()> present_;

  static constexpr std::array<Number, kFamilies.size()> MakeZeros() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<Number, sizeof...(I)>{((void)I, Number(std::uint64_t{0}))...};
    }
    (std::make_index_sequence<kFamilies.size()>());
  }
};

}  // namespace netstack::qdisc
