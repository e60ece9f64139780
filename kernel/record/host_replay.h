#pragma once

#include <memory>
#include <string>

#include "kernel/kernel.h"

namespace netstack {

// Answers from a directory that a HostRecording wrote: the same host, as often as asked. A request
// that was not recorded fails with kAbsent and is named in the error.
class HostReplay {
 public:
  static Result<std::unique_ptr<HostReplay>> Open(const std::string& directory);

  // What to make collectors with, valid as long as the object.
  Kernel kernel();

 private:
  explicit HostReplay(const std::string& directory);

  Roots roots_;
  std::unique_ptr<NetlinkSource> netlink_;
};

// The netlink part alone; `directory` is the recording's own, above "netlink".
std::unique_ptr<NetlinkSource> MakeReplayNetlinkSource(const std::string& directory);

}  // namespace netstack
