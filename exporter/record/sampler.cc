#include "exporter/record/sampler.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <netinet/tcp.h>

namespace netstack {
namespace {

// Listeners have queues of connections, not of bytes, and TIME_WAIT and SYN_RECV none at all.
constexpr std::uint32_t kStates =
    (1u << TCP_ESTABLISHED) | (1u << TCP_SYN_SENT) | (1u << TCP_FIN_WAIT1) | (1u << TCP_FIN_WAIT2) |
    (1u << TCP_CLOSE_WAIT) | (1u << TCP_LAST_ACK) | (1u << TCP_CLOSING);

}  // namespace

Sampler::Sampler(NetlinkPort& port, const ConnectionFilter& filter) : port_(port), filter_(filter) {
  // The older request: it alone lists both IP versions in one pass over the kernel's table.
  inet_diag_req request = {};
  request.idiag_ext = 1u << (INET_DIAG_INFO - 1);
  request.idiag_states = kStates;
  request_.AddHeader(request);
  visit_ = [this](const NetlinkMessage& message) { Visit(message); };
  restart_ = [this] { log_.Begin(); };
}

void Sampler::Visit(const NetlinkMessage& message) {
  if (Status parsed = ParseInetSocket(message.payload, socket_); !parsed) {
    if (!first_error_) first_error_ = parsed.error();
  } else if (filter_.Passes(NameOf(socket_))) {
    log_.Add(socket_);
  }
}

Status Sampler::Sample() {
  first_error_.reset();
  log_.Begin();
  Status asked = port_.Request(TCPDIAG_GETSOCK, NLM_F_DUMP, request_.payload(), visit_, restart_);
  if (!asked) return asked;
  if (first_error_) return *first_error_;
  log_.End();
  return {};
}

}  // namespace netstack
