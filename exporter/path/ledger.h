#pragma once

#include <memory>
#include <span>

#include "exporter/scrape/scraper.h"
#include "model/samples.h"

namespace netstack {

// Derives the path families from a round's reports by the row tables. It remembers what it needs to
// count by increases, so one ledger serves all scrapers of the process. One thread at a time.
class Ledger {
 public:
  // `collectors` are the declarations in the order of the reports; those of the catalog that are
  // not among them count as disabled.
  explicit Ledger(std::span<const CollectorDeclaration* const> collectors);
  ~Ledger();

  // Replaces the samples by those of this round.
  void Update(std::span<const CollectorReport> reports);
  const Samples& samples() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace netstack
