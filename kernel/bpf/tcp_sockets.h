#pragma once

#include <functional>

#include "kernel/bpf/programs/tcp_sockets.h"
#include "kernel/result.h"

namespace netstack {

// The TCP sockets of a network namespace as an iterator of eBPF (iter/tcp, since Linux 5.9) tells
// them: listening ones first. Costs nothing but while it is read. The namespace is that of the
// thread that reads. Each of the two by one thread at a time.
class TcpSockets {
 public:
  // Returns false to end the reading, which may call it a few times more.
  using Visitor = std::function<bool(const netstack_tcp_socket&)>;

  virtual ~TcpSockets() = default;
  // kNoPermission where the kernel wants the capabilities for reading, too (before Linux 5.19 with
  // kernel.unprivileged_bpf_disabled).
  virtual Status ReadAll(const Visitor& visit) = 0;
  virtual Status ReadListeners(const Visitor& visit) = 0;
};

}  // namespace netstack
