#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "kernel/bpf/source.h"
#include "model/family.h"
#include "model/samples.h"

namespace netstack {

// A bucket of a histogram made of bins: all values up to 2^bin.
struct BinBound {
  std::size_t bin;
  std::string_view le;  // 2^bin in the unit of the family.
};

inline constexpr double kNanosecond = 1e-9;
// 2^10, 2^12... nanoseconds, in seconds: about 1 us to 1 s.
inline constexpr auto kNanosecondBounds = std::to_array<BinBound>({{10, "1.024e-06"},
                                                                   {12, "4.096e-06"},
                                                                   {14, "1.6384e-05"},
                                                                   {16, "6.5536e-05"},
                                                                   {18, "0.000262144"},
                                                                   {20, "0.001048576"},
                                                                   {22, "0.004194304"},
                                                                   {24, "0.016777216"},
                                                                   {26, "0.067108864"},
                                                                   {30, "1.073741824"}});

// Adds a histogram: the bins up to each of `bounds`, then all. Sums are multiplied by `unit`.
inline void AddHistogram(const Family& family, std::span<const std::string_view> labels,
                         const BinnedValues& values, std::span<const BinBound> bounds, double unit,
                         Samples& out) {
  std::uint64_t count = 0;
  std::size_t bin = 0;
  for (const BinBound& bound : bounds) {
    for (; bin <= bound.bin; ++bin) count += values.bins[bin];
    out.AddBucket(family, labels, bound.le, count);
  }
  for (; bin < values.bins.size(); ++bin) count += values.bins[bin];
  out.AddBucket(family, labels, "+Inf", count);
  out.AddSum(family, labels, static_cast<double>(values.sum) * unit);
  out.AddCount(family, labels, count);
}

}  // namespace netstack
