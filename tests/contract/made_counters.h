#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/collector.h"
#include "exporter/path/rows.h"
#include "exporter/scrape/scraper.h"

namespace netstack {

// A device of the made-up host. Only hardware has a driver.
struct MadeDevice {
  std::string_view name;
  std::string_view driver;
  Visibility visibility;
  std::string_view kind = {};
};

// One series of a kernel counter, over the rounds.
struct MadeCounter {
  std::size_t collector;  // Position in the catalog.
  const Family* family;
  std::vector<std::string> labels;
  const MadeDevice* device = nullptr;
  bool present = true;
  std::uint64_t value = 0;
  std::uint64_t rise = 0;    // Since the last round; 0 when it was not seen in both.
  bool seen_before = false;  // In the last round, by the ledger.
};

// Counters that the ledger reads, each doing what counters do: rise, wrap, be reset, be read a
// little late, vanish and come back. Whole collectors fail now and then.
class MadeCounters {
 public:
  // Labels and values by which terms of the ledger choose.
  using Filters = std::set<std::pair<std::string_view, std::string_view>>;
  explicit MadeCounters(unsigned seed);

  // One round on.
  void Step();
  // All collectors' reports of this round, valid until the next call.
  std::vector<CollectorReport> Reports();

  bool Failed(std::string_view collector) const;
  bool Failed(std::size_t collector) const { return failed_.contains(collector); }
  const std::vector<MadeCounter>& all() const { return counters_; }

 private:
  bool Chance(unsigned one_in) { return random_() % one_in == 0; }
  void AddFamily(std::size_t collector, const Family& family, const Filters& filters);
  void Step(MadeCounter& counter);

  std::mt19937_64 random_;
  std::vector<MadeCounter> counters_;
  std::set<std::size_t> failed_;
  std::vector<std::unique_ptr<Samples>> samples_;
};

// The rows of both paths.
std::vector<CountRow> AllCountRows();

}  // namespace netstack
