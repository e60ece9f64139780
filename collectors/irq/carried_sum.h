#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace netstack::irq {

// What several cards count by CPU, added up so that the sum does not fall when a card goes and
// takes its counters along. Keeps its memory.
class CarriedSum {
 public:
  // `counts` are card by card, `cpus` numbers each; `same` says that they are of the same cards as
  // at the call before. Gives the sum of each CPU, valid until the next call. With another number
  // of CPUs it starts anew.
  std::span<const std::uint64_t> Add(std::span<const std::uint64_t> counts, std::size_t cpus,
                                     bool same) {
    sum_.assign(cpus, 0);
    for (std::size_t i = 0; i < counts.size(); ++i) sum_[i % cpus] += counts[i];
    const bool goes_on = before_.size() == cpus;
    if (!goes_on) carried_.assign(cpus, 0);
    for (std::size_t cpu = 0; cpu < cpus; ++cpu) {
      if (goes_on && !same) carried_[cpu] = before_[cpu] - sum_[cpu];
      sum_[cpu] += carried_[cpu];
    }
    before_.assign(sum_.begin(), sum_.end());
    return sum_;
  }

 private:
  std::vector<std::uint64_t> sum_;
  std::vector<std::uint64_t> before_;  // As they were given by the call before.
  std::vector<std::uint64_t>
      carried_;  // Modulo 2^64: less than 0 after a card that had counted came.
};

}  // namespace netstack::irq
