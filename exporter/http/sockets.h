#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace netstack {

// One of the process's own sockets that listens.
struct ListeningSocket {
  int fd = -1;
  std::uint64_t cookie = 0;  // The kernel's number of the socket, never used twice.
  std::string address;       // "[::]:10417", "127.0.0.1:40123", "unix:/path".
  int family = 0;
  int port = 0;  // 0 for a unix socket.
};

// Finds them among the process's descriptors: civetweb does not give its own away.
std::vector<ListeningSocket> FindListeningSockets();

// Those of `after` that are not in `before`.
std::vector<ListeningSocket> NewSockets(const std::vector<ListeningSocket>& before,
                                        const std::vector<ListeningSocket>& after);

// Lets the kernel hand over a TCP connection only when it has sent something, so that idle ones
// take no worker.
void DeferAccept(int fd, std::chrono::seconds patience);

// A connection that some listening socket of this process accepted, held by a descriptor of its
// own, so that what is decided on it cannot hit another socket that got the same number.
class AcceptedSocket {
 public:
  explicit AcceptedSocket(int owned_fd) : fd_(owned_fd) {}
  ~AcceptedSocket();
  AcceptedSocket(AcceptedSocket&& other) noexcept;
  AcceptedSocket& operator=(AcceptedSocket&&) = delete;
  AcceptedSocket(const AcceptedSocket&) = delete;
  AcceptedSocket& operator=(const AcceptedSocket&) = delete;

  std::uint64_t cookie() const;
  bool is_unix() const;
  std::string peer_address() const;          // Without the port; "unix" for a unix socket.
  int peer_port() const;                     // 0 for a unix socket.
  bool has_unread_input() const;             // Bytes that the server has not fetched.
  std::uint64_t bytes_acknowledged() const;  // By the peer; 0 where unknown.
  void Shutdown() const;

 private:
  int fd_;
};

// The open connections that came in through `listeners`.
std::vector<AcceptedSocket> FindAcceptedSockets(const std::vector<ListeningSocket>& listeners);

}  // namespace netstack
