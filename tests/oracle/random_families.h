#pragma once

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "model/samples.h"

namespace netstack {

// Families of every type with names that no linter objects to, and samples whose label values are
// as bad as a kernel or a person could make them: quotes, newlines, control characters, bytes that
// are not UTF-8, empty. The same seed gives the same page.
class RandomFamilies {
 public:
  RandomFamilies(std::uint32_t seed, int count);
  RandomFamilies(const RandomFamilies&) = delete;
  RandomFamilies& operator=(const RandomFamilies&) = delete;

  const std::vector<Family>& families() const { return families_; }
  void Fill(Samples& samples);

 private:
  std::size_t Below(std::size_t bound);
  std::string Hostile();
  Number AnyNumber(bool counter);
  void AddDistribution(const Family& family, const std::vector<std::string_view>& labels,
                       Samples& samples);

  std::mt19937 random_;
  std::deque<std::string> texts_;  // What families_ points into.
  std::vector<Family> families_;
};

}  // namespace netstack
