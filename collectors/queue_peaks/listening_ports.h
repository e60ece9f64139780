#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "kernel/kernel.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/inet_diag.h"

namespace netstack::queue_peaks {

// The TCP ports on which somebody listens, asked of sock_diag: the kernel looks at its table of
// listeners only.
class ListeningPorts {
 public:
  explicit ListeningPorts(const Kernel& kernel);
  ListeningPorts(const ListeningPorts&) = delete;
  ListeningPorts& operator=(const ListeningPorts&) = delete;

  Status Refresh();
  // As of the last Refresh(), in no order; a port may be there more than once.
  std::span<const std::uint16_t> ports() const { return ports_; }

 private:
  Status Ask(std::uint8_t family);

  NetlinkSource& netlink_;
  std::unique_ptr<NetlinkPort> port_;
  NetlinkBuilder request_;
  NetlinkVisitor visit_;
  std::function<void()> restart_;
  InetSocket socket_;
  std::vector<std::uint16_t> ports_;
};

}  // namespace netstack::queue_peaks
