#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exporter/scrape/scraper.h"
#include "model/samples.h"

namespace netstack {

// Turns the reports of rounds into the samples of netstack_scrape_*. One thread at a time.
class ScrapeSamples {
 public:
  ScrapeSamples();
  // Replaces the samples by those of this round.
  void Update(std::span<const CollectorReport> reports);
  const Samples& samples() const { return samples_; }

 private:
  Samples samples_;
  std::vector<std::uint64_t> suppressed_;  // Since start, by collector.
};

}  // namespace netstack
