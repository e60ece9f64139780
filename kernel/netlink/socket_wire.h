#pragma once

#include <chrono>

#include "kernel/netlink/wire.h"

namespace netstack {

// A raw netlink socket, opened by the first Reset(). Asks the kernel for extended acknowledgements
// (Linux 4.12) and strict checking of requests (4.20) and does without where they are unknown.
class SocketWire : public NetlinkWire {
 public:
  // No answer within `timeout` is EAGAIN. A request that sleeps on a lock inside the kernel is not
  // bounded by it.
  SocketWire(int protocol, std::chrono::milliseconds timeout);
  ~SocketWire() override;
  SocketWire(const SocketWire&) = delete;
  SocketWire& operator=(const SocketWire&) = delete;

  int Send(std::span<const std::byte> datagram) override;
  Received Receive(std::span<std::byte> buffer) override;
  int Reset() override;

 private:
  void Close();

  int protocol_;
  std::chrono::milliseconds timeout_;
  int fd_ = -1;
};

}  // namespace netstack
