#include "exporter/http/quiet_listener.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace netstack {

QuietListeners::QuietListeners(const std::vector<ListeningSocket>& listeners)
    : event_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_fd_ < 0) return;
  for (const ListeningSocket& listener : listeners) {
    const int socket = fcntl(listener.fd, F_DUPFD_CLOEXEC, 0);
    if (socket < 0) continue;
    (void)dup3(event_fd_, listener.fd, O_CLOEXEC);
    shutdown(socket, SHUT_RDWR);
    sockets_.push_back(socket);
  }
}

QuietListeners::~QuietListeners() {
  for (const int socket : sockets_) close(socket);
  if (event_fd_ >= 0) close(event_fd_);
}

void QuietListeners::WakeUp() const {
  (void)eventfd_write(event_fd_, 1);
  // A poll that began before the exchange is still queued at the socket, and only looks at the
  // event when that one stirs.
  for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
}

}  // namespace netstack
