#pragma once

#include <memory>
#include <span>
#include <vector>

#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "exporter/scrape/scraper.h"

namespace netstack {

// A collector to run, and what it is told.
struct CollectorChoice {
  const CollectorDeclaration* declaration = nullptr;
  OptionValues options;
  DevicePolicy::Rules devices;
  std::size_t max_series = 10'000;
};

// The collectors that run, with all that they refer to. Must outlive the scraper that got them.
class CollectorSet {
 public:
  // `kernel` is copied; what it refers to must outlive the set.
  CollectorSet(const Kernel& kernel, std::vector<CollectorChoice> choices);
  CollectorSet(const CollectorSet&) = delete;
  CollectorSet& operator=(const CollectorSet&) = delete;

  // Makes the collectors, in the order of the choices.
  std::vector<ScrapedCollector> Make() const;
  const std::vector<const CollectorDeclaration*>& declarations() const { return declarations_; }

 private:
  struct Member {
    CollectorChoice choice;
    DevicePolicy devices;
  };
  Kernel kernel_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<const CollectorDeclaration*> declarations_;
};

}  // namespace netstack
