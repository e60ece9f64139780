#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "exporter/record/filter.h"
#include "exporter/record/queue_log.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/netlink.h"

namespace netstack {

// Samples the queues of all TCP connections of both IP versions by sock_diag. Needs no privilege.
class Sampler {
 public:
  // Both outlive the object.
  Sampler(NetlinkPort& port, const ConnectionFilter& filter);
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  // Takes one sample. After an error the log is as it was before.
  Status Sample();
  QueueLog& log() { return log_; }

 private:
  void Visit(const NetlinkMessage& message);

  NetlinkPort& port_;
  const ConnectionFilter& filter_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  QueueLog log_;
  InetSocket socket_;
  std::optional<Error> first_error_;
};

}  // namespace netstack
