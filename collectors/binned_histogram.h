#pragma once

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
