#pragma once

#include <array>

#include "collectors/datagram/source.h"
#include "collectors/sockstat_file.h"
#include "kernel/kernel.h"

namespace netstack::datagram {

// Which protocols have no socket at all, from /proc/net/sockstat and sockstat6, so that the kernel
// need not be asked for them: it walks a table of its own for each family of each protocol, which
// takes as long for none as for some.
class InUse {
 public:
  explicit InUse(const Kernel& kernel);

  void Update();
  // False when nobody can tell.
  bool HasNone(const SourceRow& row) const;

 private:
  struct Version {
    File file;
    Sockstat numbers = {};
  };
  std::array<Version, 2> versions_;  // IPv4, IPv6.
};

}  // namespace netstack::datagram
