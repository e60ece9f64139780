#include <cstddef>
#include <cstdint>
#include <span>

#include "collectors/datagram/datagram_socket.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netstack::datagram;
  DatagramSocket socket;
  bool wanted = false;
  (void)ParsePacketSocket(std::as_bytes(std::span(data, size)), socket);
  (void)ParseUnixSocket(std::as_bytes(std::span(data, size)), socket, wanted);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<DatagramSocket> sockets;
  (void)ParseRawFile(text, "/proc/net/raw", sockets);
  (void)ParseNetlinkFile(text, "/proc/net/netlink", sockets);
  return 0;
}
