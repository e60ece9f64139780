#include "collectors/queue_peaks/listening_ports.h"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "kernel/netlink/open_once.h"

namespace netstack::queue_peaks {

ListeningPorts::ListeningPorts(const Kernel& kernel) : netlink_(kernel.netlink) {
  visit_ = [this](const NetlinkMessage& message) {
    if (ParseInetSocket(message.payload, socket_) && socket_.state == TCP_LISTEN) {
      ports_.push_back(socket_.local_port);
    }
  };
  restart_ = [] {};  // A port told twice does no harm.
}

Status ListeningPorts::Ask(std::uint8_t family) {
  BuildInetRequest({.family = family, .protocol = IPPROTO_TCP, .states = 1u << TCP_LISTEN},
                   request_);
  return port_->Request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, request_.payload(), visit_, restart_);
}

Status ListeningPorts::Refresh() {
  if (Status opened = OpenOnce(netlink_, NETLINK_SOCK_DIAG, port_); !opened) return opened;
  ports_.clear();
  if (Status asked = Ask(AF_INET); !asked) return asked;
  // A kernel without IPv6 has no answer to the second.
  Status asked = Ask(AF_INET6);
  if (!asked && asked.error().kind == ErrorKind::kAbsent) return {};
  return asked;
}

}  // namespace netstack::queue_peaks
