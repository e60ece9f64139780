#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/datagram/datagram_socket.h"
#include "kernel/kernel.h"
#include "kernel/netlink/builder.h"
#include "kernel/netlink/inet_diag.h"

namespace netstack::datagram {

// One thing to ask the kernel for.
struct SourceRow {
  enum class Kind : std::uint8_t { kInet, kPacket, kUnix, kRawFile, kNetlinkFile };
  Kind kind;
  std::string_view protocol;         // Label.
  std::string_view ip_version = {};  // Label; empty: does not apply.
  std::uint8_t family = 0;           // sock_diag's.
  std::uint8_t ip_protocol = 0;
  std::string_view file = {};  // Below /proc.
  bool has_port = false;
  bool has_limit = false;
  bool has_drops = true;
};

// Reads the sockets of one row. Keeps its memory.
class Source {
 public:
  Source(const SourceRow& row, const Kernel& kernel);

  // `port` is of NETLINK_SOCK_DIAG. Sockets are handed out as they come; on an error those handed
  // out are not all.
  Status Read(NetlinkPort& port, const std::function<void(const DatagramSocket&)>& visit);
  const SourceRow& row() const { return *row_; }

 private:
  Status ReadFile(const std::function<void(const DatagramSocket&)>& visit);
  void BuildRequest();
  void Parse(std::span<const std::byte> payload);
  Status ParseInet(std::span<const std::byte> payload);

  const SourceRow* row_;
  std::optional<File> file_;
  NetlinkBuilder request_;
  std::vector<DatagramSocket> sockets_;  // Of a file.
  InetSocket inet_;
  DatagramSocket socket_;
  bool wanted_ = false;
  std::optional<Error> first_error_;
};

}  // namespace netstack::datagram
