#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/family.h"

namespace netstack {

// A counter made of others. Counted by increases from the first sight of each member, so that it
// starts at 0, never goes back, and survives wraps, resets and members that come and go. When the
// set of terms that have members changes, it starts at 0 again rather than jump.
class Count {
 public:
  enum class Effect : std::uint8_t {
    kAdds,
    kTakes,
    kGivesBack,  // Of what was taken, and no more than that.
  };

  // Begins a round.
  void Begin();
  // One member's value. `term` numbers the row's terms, minus ones included; `labels` tells members
  // of a term apart. Members come in the same order each round, or cost a search.
  void Add(std::size_t term, Effect effect, std::string_view labels, std::uint64_t value,
           Width width);
  // Ends the round and gives the counter. Members that were not seen are forgotten.
  std::uint64_t End();

 private:
  struct Member {
    std::size_t term;
    std::string labels;
    std::uint64_t last;
    bool seen;
  };
  Member* Find(std::size_t term, std::string_view labels);

  std::vector<Member> members_;
  std::size_t hint_ = 0;
  std::uint64_t terms_ = 0;  // Bit by bit: the terms seen in this round.
  std::uint64_t known_terms_ = 0;
  // Since the start. What they come to is below value_ for a while when the kernel's counters were
  // read in between.
  std::array<std::uint64_t, 3> sums_ = {};  // By effect.
  std::uint64_t value_ = 0;
  bool first_ = true;
};

}  // namespace netstack
