#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace netstack::sockets {

// The upper bound of a bucket in the unit that is counted in, and how the label le says it.
struct Bound {
  std::uint32_t value;
  std::string_view text;
};
inline constexpr std::size_t kMostBounds = 12;

// Finds the bucket of a whole number without a search: a power of two and the next have at most one
// bound between them.
class Buckets {
 public:
  // `bounds` rise; at most kMostBounds. Does not compile when two are too near.
  explicit consteval Buckets(std::span<const Bound> bounds) {
    for (std::size_t i = 0; i <= kMostBounds; ++i) {
      bounds_[i] = i < bounds.size() ? bounds[i].value : std::numeric_limits<std::uint32_t>::max();
    }
    for (std::size_t width = 1; width < first_.size(); ++width) {
      const std::uint64_t lowest = std::uint64_t{1} << (width - 1);
      std::size_t below = 0;
      while (below < bounds.size() && bounds[below].value < lowest) ++below;
      if (below + 1 < bounds.size() && bounds[below + 1].value < 2 * lowest - 1) throw "too near";
      first_[width] = static_cast<std::uint8_t>(below);
    }
  }
  std::size_t IndexOf(std::uint32_t value) const {
    const std::size_t at = first_[static_cast<std::size_t>(std::bit_width(value))];
    return at + static_cast<std::size_t>(value > bounds_[at]);
  }

 private:
  std::array<std::uint8_t, 33> first_ = {};  // By bit width.
  std::array<std::uint32_t, kMostBounds + 1> bounds_ = {};
};

// How a quantity is spread over the live sockets: counts up to each bound, and their sum.
class Distribution {
 public:
  // `bounds` outlive the object.
  explicit constexpr Distribution(std::span<const Bound> bounds) : bounds_(bounds) {}

  void Clear() {
    counts_.fill(0);
    sum_ = 0;
  }
  // `bucket` is that of `value`: the number of bounds below it.
  void Add(std::size_t bucket, double value) {
    ++counts_[bucket];
    sum_ += value;
  }
  void Add(const Distribution& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    sum_ += other.sum_;
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
