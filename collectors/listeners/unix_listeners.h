#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/netlink/builder.h"
#include "kernel/netlink/netlink.h"

namespace netstack::listeners {

// A listening unix socket, or several of one name.
struct UnixListener {
  std::string name;  // As UnixName writes it, or "other".
  std::uint64_t length = 0;
  std::uint64_t limit = 0;
  double fill = 0;  // Of the fullest socket.
  bool operator==(const UnixListener&) const = default;
};

// A name as people write it: the path, or @ and the rest of an abstract one; bytes that are not
// printable ASCII as \xNN, and a backslash twice.
void UnixName(std::span<const std::byte> bytes, std::string& out);

// Parses the payload of a unix_diag answer. `out` is overwritten. kMalformed when it is not one.
Status ParseUnixListener(std::span<const std::byte> payload, UnixListener& out);

// Reads the listening unix sockets of the network namespace, of types stream and seqpacket.
class UnixListeners {
 public:
  // At most `most` names, the first in their order; the rest together is "other".
  explicit UnixListeners(std::size_t most);

  // `port` is of NETLINK_SOCK_DIAG. A message that cannot be understood costs its socket only, and
  // is told by first_error().
  Status Read(NetlinkPort& port);
  std::span<const UnixListener> listeners() const { return listeners_; }
  const std::optional<Error>& first_error() const { return first_error_; }

 private:
  void Sum();

  std::size_t most_;
  NetlinkBuilder request_;
  UnixListener listener_;
  std::vector<UnixListener> listeners_;
  std::optional<Error> first_error_;
};

}  // namespace netstack::listeners
