#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/doctor/facts.h"
#include "exporter/doctor/page.h"

namespace netstack {

// Some series of a page: those of `name` that have all of `labels`. A label's value may hold
// {facts}; an empty one means that the series has no such label. Series of other network namespaces
// (label netns) are meant only by a selector that names that label.
struct Selector {
  std::string_view name;
  struct Match {
    std::string_view label;
    std::string_view value;
  };
  std::array<Match, 4> labels = {};  // Unused ones are empty.
};

// A series with its value in both pages.
struct Change {
  const PageSeries* series;      // Of the second page.
  std::optional<double> before;  // Nothing: the first page did not have it.
  double now;
  double rise;  // Counters: what was added in between, wraps and restarts allowed for.
};

// Two pages of one exporter and the time between them.
class Interval {
 public:
  // The pages must outlive the object. `seconds` is more than 0.
  Interval(const Page& first, const Page& second, double seconds)
      : first_(first), second_(second), seconds_(seconds) {}

  // The series of the second page that the selector means.
  std::vector<Change> Find(const Selector& selector, const Facts& facts = {}) const;

  const Page& first() const { return first_; }
  const Page& second() const { return second_; }
  double seconds() const { return seconds_; }

 private:
  const Page& first_;
  const Page& second_;
  double seconds_;
};

// How much a counter rose from `before` to `now`. One that fell has wrapped, if the kernel's
// counter has 32 bits and was in the upper half, or began again at 0.
double RiseOf(double before, double now, bool is_32_bits);

}  // namespace netstack
