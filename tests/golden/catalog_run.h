#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "exporter/page/composer.h"
#include "exporter/scrape/collector_set.h"
#include "kernel/kernel.h"

namespace netstack {

// One round of the catalog, as the exporter would show it.
struct CatalogRound {
  std::string text;
  std::string open_metrics;
  std::map<std::string, std::string>
      states;  // Collector to state; with the error, if there is one.
};

// The catalog's collectors, with the options that are the default, over a kernel of the test's.
class CatalogRun {
 public:
  struct Options {
    std::span<const std::string_view> without = {};  // Collectors to leave out.
    std::size_t max_series = 10'000;                 // For each collector.
    // By default longer than a sick machine takes: what is tested mostly is not time.
    std::chrono::nanoseconds collector_timeout = std::chrono::minutes(2);
  };

  CatalogRun(const Kernel& kernel, const Options& options);
  CatalogRound Round();

 private:
  std::unique_ptr<CollectorSet> collectors_;
  CatalogRound* round_ = nullptr;  // The one being made.
  std::unique_ptr<Composer> composer_;
};

// The page without times that passed meanwhile, which are never the same twice: how long a
// collector took, how old a setting is.
std::string WithTimesMasked(std::string_view page);

}  // namespace netstack
