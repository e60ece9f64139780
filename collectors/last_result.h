#pragma once

#include <chrono>
#include <optional>

#include "collectors/collector.h"

namespace netstack {

// A collector whose Collect() is long by nature, as a walk over very many things is, derives from
// this as well. Rounds then do not wait for the end of a call, but show what the one before found.
class LastResult {
 public:
  virtual ~LastResult() = default;
  // How long a round waits for the Collect() that it is about to begin; nullopt, where there is
  // nothing to show instead: as long as for any collector. Called while no Collect() runs.
  virtual std::optional<std::chrono::nanoseconds> Patience() = 0;
  // True: `out` of CollectLast() has what the last call added. Otherwise it is empty.
  virtual bool KeepsSamples() const { return false; }
  // Tells what the last call found, with its age. Called by another thread than the one that is in
  // Collect(), which may come back at any moment; must not block.
  virtual Outcome CollectLast(Samples& out) = 0;
  // From now on nobody wants results: a call under way should end soon. Any thread.
  virtual void GiveUp() = 0;
};

}  // namespace netstack
