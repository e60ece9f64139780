#pragma once

#include <vector>

#include "exporter/http/sockets.h"

namespace netstack {

// Makes listening sockets stop listening while civetweb goes on serving what it has: mg_stop alone
// drops requests that are being answered. Each descriptor is replaced by an event that nobody
// raises, because a closed listener would have the accepting thread spin.
class QuietListeners {
 public:
  explicit QuietListeners(const std::vector<ListeningSocket>& listeners);
  ~QuietListeners();
  QuietListeners(const QuietListeners&) = delete;
  QuietListeners& operator=(const QuietListeners&) = delete;

  // Wakes the accepting thread, which otherwise notices a stop after two seconds.
  void WakeUp() const;

 private:
  int event_fd_;
  std::vector<int> sockets_;  // The former listeners, held until the end.
};

}  // namespace netstack
