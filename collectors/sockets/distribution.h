#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace netstack::sockets {

// The upper bound of a bucket, and how it is written in the label le.
struct Bound {
  double value;
  std::string_view text;
};

// How a quantity is spread over the live sockets: counts up to each bound, and their sum.
class Distribution {
 public:
  static constexpr std::size_t kMostBounds = 12;

  // `bounds` rise and outlive the object; at most kMostBounds.
  explicit constexpr Distribution(std::span<const Bound> bounds) : bounds_(bounds) {}

  void Clear() {
    counts_.fill(0);
    sum_ = 0;
  }
  void Add(double value) {
    std::size_t at = 0;
    while (at < bounds_.size() && value > bounds_[at].value) ++at;
    ++counts_[at];
    sum_ += value;
  }

  std::span<const Bound> bounds() const { return bounds_; }
  // How many have at most bounds()[index]; all for index bounds().size().
  std::uint64_t CountUpTo(std::size_t index) const {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= index; ++i) count += counts_[i];
    return count;
  }
  double sum() const { return sum_; }

 private:
  std::span<const Bound> bounds_;
  std::array<std::uint64_t, kMostBounds + 1> counts_ = {};
  double sum_ = 0;
};

}  // namespace netstack::sockets
