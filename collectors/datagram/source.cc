#include "collectors/datagram/source.h"

#include <linux/netlink.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace netstack::datagram {

using Kind = SourceRow::Kind;

namespace {
// Netlink sockets that the collectors themselves open in their first round, and then find here.
constexpr std::size_t kOurOwn = 64;
}  // namespace

Source::Source(const SourceRow& row, const Kernel& kernel) : row_(&row) {
  if (!row.file.empty()) {
    file_.emplace(kernel.ProcFile(row.file));
    sockets_.reserve(kOurOwn);
  } else {
    BuildRequest();
  }
}

void Source::BuildRequest() {
  if (row_->kind == Kind::kInet) {
    BuildInetRequest({.family = row_->family, .protocol = row_->ip_protocol}, request_);
  } else if (row_->kind == Kind::kPacket) {
    packet_diag_req request = {};
    request.sdiag_family = AF_PACKET;
    request.pdiag_show = PACKET_SHOW_MEMINFO;
    request_.AddHeader(request);
  } else {
    unix_diag_req request = {};
    request.sdiag_family = AF_UNIX;
    request.udiag_states = (1u << TCP_ESTABLISHED) | (1u << TCP_CLOSE);  // No listeners.
    request.udiag_show = UDIAG_SHOW_RQLEN;
    request_.AddHeader(request);
  }
}

Status Source::Read(NetlinkPort& port, const std::function<void(const DatagramSocket&)>& visit) {
  if (file_) return ReadFile(visit);
  first_error_.reset();
  Status asked = port.Request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, request_.payload(),
                              [this, &visit](const NetlinkMessage& message) {
                                Parse(message.payload);
                                if (wanted_) visit(socket_);
                              },
                              {});  // What is told twice is taken once, by its cookie.
  if (!asked) return asked;
  if (first_error_) return *first_error_;
  return {};
}

Status Source::ReadFile(const std::function<void(const DatagramSocket&)>& visit) {
  const Result<std::string_view> text = file_->Read();
  if (!text) return text.error();
  const auto parse = row_->kind == Kind::kRawFile ? ParseRawFile : ParseNetlinkFile;
  if (Status parsed = parse(*text, file_->path(), sockets_); !parsed) return parsed;
  for (const DatagramSocket& socket : sockets_) visit(socket);
  // Room for some more.
  if (sockets_.capacity() < sockets_.size() + sockets_.size() / 2) {
    sockets_.reserve(2 * sockets_.size());
  }
  return {};
}

void Source::Parse(std::span<const std::byte> payload) {
  wanted_ = true;
  Status parsed;
  if (row_->kind == Kind::kInet) {
    parsed = ParseInet(payload);
  } else if (row_->kind == Kind::kPacket) {
    parsed = ParsePacketSocket(payload, socket_);
  } else {
    parsed = ParseUnixSocket(payload, socket_, wanted_);
  }
  if (parsed) return;
  wanted_ = false;
  if (!first_error_) first_error_ = parsed.error();
}

Status Source::ParseInet(std::span<const std::byte> payload) {
  if (Status parsed = ParseInetSocket(payload, inet_); !parsed) return parsed;
  const SocketMemory memory = inet_.memory.value_or(SocketMemory{});
  socket_ = {.cookie = inet_.cookie,
             .port = inet_.local_port,
             .connected = inet_.state == TCP_ESTABLISHED,
             .bytes = memory.receive,
             .limit = memory.receive_limit,
             .drops = memory.drops};
  return {};
}

}  // namespace netstack::datagram
