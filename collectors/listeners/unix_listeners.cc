#include "collectors/listeners/unix_listeners.h"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

#include "kernel/netlink/attribute.h"

namespace netstack::listeners {
namespace {

Error Malformed(std::string_view what) {
  return MalformedAt("netlink sock_diag unix", 0, what, "");
}

void Add(const UnixListener& one, UnixListener& sum) {
  sum.length += one.length;
  sum.limit += one.limit;
  sum.fill = std::max(sum.fill, one.fill);
}

}  // namespace

void UnixName(std::span<const std::byte> bytes, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const bool abstract = !bytes.empty() && bytes.front() == std::byte{0};
  out.clear();
  if (abstract) {
    out = "@";
    bytes = bytes.subspan(1);
  }
  for (const std::byte byte : bytes) {
    const auto value = std::to_integer<unsigned char>(byte);
    if (value == 0 && !abstract) return;  // The end of a path; abstract names may have it within.
    if (value == '\\') {
      out += "\\\\";
    } else if (value >= ' ' && value < 0x7f) {
      out += static_cast<char>(value);
    } else {
      out.append("\\x").append(1, kHex[value >> 4]).append(1, kHex[value & 15]);
    }
  }
}

Status ParseUnixListener(std::span<const std::byte> payload, UnixListener& out) {
  unix_diag_msg header;
  if (!ReadHeader(payload, header)) return Malformed("a message without its header");
  out.name.clear();
  unix_diag_rqlen queue = {};
  NetlinkAttributes attributes(AfterHeader(payload, sizeof header));
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type == UNIX_DIAG_NAME) UnixName(attribute.data, out.name);
    if (attribute.type == UNIX_DIAG_RQLEN && !ReadHeader(attribute.data, queue)) {
      return Malformed("a short queue length");
    }
  }
  if (attributes.malformed()) return Malformed("an attribute does not fit");
  out.length = queue.udiag_rqueue;
  out.limit = queue.udiag_wqueue;
  // A queue of limit 0 takes one connection.
  out.fill = static_cast<double>(queue.udiag_rqueue) / std::max(queue.udiag_wqueue, 1u);
  return {};
}

UnixListeners::UnixListeners(std::size_t most) : most_(most) {
  unix_diag_req request = {};
  request.sdiag_family = AF_UNIX;
  request.udiag_states = 1u << TCP_LISTEN;
  request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_RQLEN;
  request_.AddHeader(request);
}

Status UnixListeners::Read(NetlinkPort& port) {
  listeners_.clear();
  first_error_.reset();
  const auto visit = [this](const NetlinkMessage& message) {
    if (Status parsed = ParseUnixListener(message.payload, listener_); parsed) {
      listeners_.push_back(listener_);
    } else if (!first_error_) {
      first_error_ = parsed.error();
    }
  };
  const auto restart = [this] { listeners_.clear(); };
  Status asked = port.Request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, request_.payload(), visit, restart);
  if (asked) Sum();
  return asked;
}

void UnixListeners::Sum() {
  std::ranges::stable_sort(listeners_, {}, &UnixListener::name);
  std::size_t kept = 0;
  UnixListener other = {.name = "other"};
  bool has_other = false;
  for (UnixListener& one : listeners_) {
    if (kept > 0 && listeners_[kept - 1].name == one.name) {
      Add(one, listeners_[kept - 1]);
    } else if (kept < most_) {
      std::swap(listeners_[kept++], one);
    } else {
      Add(one, other);
      has_other = true;
    }
  }
  listeners_.resize(kept);
  if (has_other) listeners_.push_back(other);
}

}  // namespace netstack::listeners
