#pragma once

#include <cstddef>
#include <span>

namespace netstack {

// Datagrams to and from the kernel, nothing known of their content: the socket, or a script in
// tests. One thread at a time.
class NetlinkWire {
 public:
  struct Received {
    int error = 0;  // An errno; EAGAIN when nothing came in time.
    // True size of the datagram: larger than the buffer given when it was cut to fit.
    std::size_t size = 0;
  };

  virtual ~NetlinkWire() = default;
  // Sends one datagram. Returns 0 or an errno.
  virtual int Send(std::span<const std::byte> datagram) = 0;
  // Waits for one datagram of the kernel.
  virtual Received Receive(std::span<std::byte> buffer) = 0;
  // Forgets all that is in flight, as if newly opened. Returns 0 or an errno.
  virtual int Reset() = 0;
};

}  // namespace netstack
