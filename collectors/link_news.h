#pragma once

#include <memory>

#include "kernel/kernel.h"

namespace netstack {

// Tells when it is worth while to ask for all links again: after news of one (RTNLGRP_LINK). One
// thread at a time.
class LinkNews {
 public:
  // `kernel` must outlive the object.
  explicit LinkNews(const Kernel& kernel) : kernel_(kernel) {}

  // False when links are as they were at the last call. Always true where news cannot be heard: of
  // a recorded host, and of another network namespace, which a listener would keep alive. True at
  // every eighth call at least.
  bool MayHaveChanged();
  // What was asked for has failed: the next call is true.
  void Retry();

 private:
  const Kernel& kernel_;
  std::unique_ptr<NetlinkListener> listener_;
  bool has_begun_ = false;
  int calls_to_go_ = 0;  // That are true whatever is heard.
  int quiet_calls_ = 0;
};

}  // namespace netstack
