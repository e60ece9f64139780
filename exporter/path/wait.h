#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exporter/path/rows.h"
#include "exporter/path/term_ref.h"

namespace netstack {

// A row of netstack_path_wait_seconds at work: the histograms of its source, added up.
class Wait {
 public:
  Wait(const WaitRow& row, std::span<const CollectorDeclaration* const> collectors);

  // Adds this round's histogram, if there is one.
  void Add(std::span<const CollectorReport> reports, Samples& out);

 private:
  struct Bucket {
    std::string le;
    std::uint64_t count;
  };
  void AddBucket(std::string_view le, std::uint64_t count);

  const WaitRow& row_;
  std::optional<TermRef> source_;
  std::vector<Bucket> buckets_;  // In the order of the source. Kept, so that nothing is allocated.
};

}  // namespace netstack
