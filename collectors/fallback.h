#pragma once

#include "model/samples.h"

namespace netstack {

// A collector that can tell a part of its source while its Collect() hangs on somebody else's lock
// derives from this as well. The scraper then shows that part, and still reports a timeout.
class Fallback {
 public:
  virtual ~Fallback() = default;
  // Called by another thread than the one that is in Collect(), which may come back at any moment.
  // `out` is empty and has the collector's families. False when there is nothing to tell. Must not
  // block, and should tell only what Collect() would have told.
  virtual bool CollectFallback(Samples& out) = 0;
};

}  // namespace netstack
