#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "collectors/collector.h"
#include "exporter/scrape/crew.h"

namespace netstack {

// How one collector fared in one round.
struct CollectorReport {
  const CollectorDeclaration* declaration = nullptr;
  bool asked = false;  // False when the round did not want it.
  CollectorState state = CollectorState::kOk;
  const Error* error = nullptr;  // Null when there is nothing to say.
  // Null unless the state lets samples through; after a timeout those of a Fallback or LastResult.
  const Samples* samples = nullptr;
  double seconds = 0;  // Time of the call; of the wait, when it timed out.
};

// A collector with what the scraper has to know of it.
struct ScrapedCollector {
  const CollectorDeclaration* declaration;
  std::unique_ptr<Collector> collector;
  std::size_t max_series = SIZE_MAX;
};

struct ScraperOptions {
  // A collector that takes longer has hung: it loses its own samples.
  std::chrono::nanoseconds collector_timeout = std::chrono::seconds(1);
  // The same for a collector that can block. The round's deadline holds for both.
  std::chrono::nanoseconds blocking_timeout = std::chrono::seconds(3);
  // While a collector takes longer, the others go on in another thread. Less when the deadline is
  // near, so that there is time for all.
  std::chrono::nanoseconds patience = std::chrono::milliseconds(20);
};

// Runs rounds: all collectors one after the other in one thread, those that can block after the
// others and those that are long by nature (LastResult) at the end, under one deadline; one that is
// slow is overtaken by the others in a second thread. To hand each to a thread of its own would
// cost more than most of them take. A call that does not come back is abandoned, not waited for;
// its late result is thrown away, and until it returns the collector reports a timeout. One that is
// long by nature is waited for as long as it says, and may go on over several rounds.
class Scraper {
 public:
  using Clock = ScrapeClock;
  using Consumer = std::function<void(std::span<const CollectorReport>)>;

  Scraper(std::vector<ScrapedCollector> collectors, const ScraperOptions& options);
  ~Scraper();
  Scraper(const Scraper&) = delete;
  Scraper& operator=(const Scraper&) = delete;

  // Runs one round of the collectors for which `wanted` (by index) is true, or of all when it is
  // empty, and hands the reports, one for each collector in order, to `consume`. The samples are
  // valid during that call. One round at a time: a second caller waits.
  void Round(std::span<const bool> wanted, Clock::time_point deadline, const Consumer& consume);

  // Ends all threads that come back within `patience`. False when one is stuck in the kernel: then
  // the process must end without running destructors of what collectors refer to.
  bool Stop(std::chrono::nanoseconds patience);

  std::size_t size() const;

 private:
  void Ask(std::span<const bool> wanted);
  void Await(Clock::time_point deadline);
  std::chrono::nanoseconds TimeoutOf(const Slot& slot) const;
  Clock::time_point LimitOf(const Slot& slot, Clock::time_point deadline) const;
  bool IsUnderWay(const Slot& slot, Clock::time_point now) const;
  void Report();
  void ReportUnfinished(Slot& slot, bool under_way, CollectorReport& report, Error& error) const;
  Error WhyLate(const Slot& slot, double seconds) const;

  std::shared_ptr<Crew> crew_;  // Shared with its threads, stuck ones too.
  ScraperOptions options_;
  std::mutex round_mutex_;  // Held for a whole round.
  std::vector<CollectorReport> reports_;
  std::vector<Error> late_;  // By collector: what its report refers to when it did not finish.
};

}  // namespace netstack
