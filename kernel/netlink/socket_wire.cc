#include "kernel/netlink/socket_wire.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace netstack {
namespace {

constexpr int kSocketBuffer = 1 << 20;  // The kernel takes net.core.rmem_max where that is less.

// Each of these makes answers better; none is needed.
void SetOptions(int fd, std::chrono::milliseconds timeout) {
  const int on = 1;
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kSocketBuffer, sizeof kSocketBuffer);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const timeval wait = {.tv_sec = seconds.count(), .tv_usec = (timeout - seconds).count() * 1000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
}

}  // namespace

SocketWire::SocketWire(int protocol, std::chrono::milliseconds timeout)
    : protocol_(protocol), timeout_(timeout) {}

SocketWire::~SocketWire() {
  Close();
}

void SocketWire::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

int SocketWire::Reset() {
  Close();
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol_);
  if (fd < 0) return errno;
  SetOptions(fd, timeout_);
  const sockaddr_nl self = {.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = 0};
  if (bind(fd, reinterpret_cast<const sockaddr*>(&self), sizeof self) != 0) {
    const int error = errno;
    close(fd);
    return error;
  }
  fd_ = fd;
  return 0;
}

int SocketWire::Send(std::span<const std::byte> datagram) {
  const sockaddr_nl kernel = {.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = 0};
  for (;;) {
    const ssize_t sent = sendto(fd_, datagram.data(), datagram.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
    if (sent >= 0) return 0;
    if (errno != EINTR) return errno;
  }
}

NetlinkWire::Received SocketWire::Receive(std::span<std::byte> buffer) {
  for (;;) {
    sockaddr_nl sender = {};
    socklen_t sender_size = sizeof sender;
    const ssize_t got = recvfrom(fd_, buffer.data(), buffer.size(), MSG_TRUNC,
                                 reinterpret_cast<sockaddr*>(&sender), &sender_size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {.error = errno};
    // Another process may send to this address too; only the kernel has the port number 0.
    if (sender.nl_pid != 0) continue;
    return {.size = static_cast<std::size_t>(got)};
  }
}

}  // namespace netstack
