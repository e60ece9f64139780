#include "kernel/netlink/conversation.h"

#include <linux/netlink.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>
#include <utility>

#include "kernel/netlink/attribute.h"
#include "kernel/netlink/group_listener.h"
#include "kernel/netlink/socket_wire.h"

namespace netstack {
namespace {

constexpr std::chrono::seconds kTimeout(5);

std::string ExtendedAckText(std::span<const std::byte> bytes) {
  NetlinkAttributes attributes(bytes);
  NetlinkAttribute attribute;
  while (attributes.Next(attribute)) {
    if (attribute.type == NLMSGERR_ATTR_MSG) return std::string(attribute.Text());
  }
  return {};
}

class KernelNetlinkSource : public NetlinkSource {
 public:
  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    auto wire = std::make_unique<SocketWire>(protocol, kTimeout);
    if (const int error = wire->Reset(); error != 0) {
      return ErrorFromErrno(error, "netlink " + NetlinkProtocolName(protocol), "socket");
    }
    return std::unique_ptr<NetlinkPort>(
        std::make_unique<NetlinkConversation>(protocol, std::move(wire)));
  }
  Result<std::unique_ptr<NetlinkListener>> Listen(int protocol, std::uint32_t group) override {
    return ListenToGroup(protocol, group);
  }
};

}  // namespace

std::unique_ptr<NetlinkSource> MakeKernelNetlinkSource() {
  return std::make_unique<KernelNetlinkSource>();
}

NetlinkConversation::NetlinkConversation(int protocol, std::unique_ptr<NetlinkWire> wire)
    : protocol_(protocol), wire_(std::move(wire)), buffer_(kFirstBuffer) {}

Status NetlinkConversation::Request(std::uint16_t type, std::uint16_t flags,
                                    std::span<const std::byte> payload, const NetlinkVisitor& visit,
                                    const std::function<void()>& restart) {
  Answer answer;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (attempt > 0 && restart) restart();
    answer = Ask(type, flags, payload, visit);
    if (answer.kind == Kind::kComplete) return {};
    if (answer.kind == Kind::kFailed) return Failure(type, answer);
  }
  return Failure(type, answer);
}

Error NetlinkConversation::Failure(std::uint16_t type, const Answer& answer) const {
  const std::string path = "netlink " + NetlinkProtocolName(protocol_);
  Error error = ErrorFromErrno(answer.error, path, "request " + std::to_string(type));
  if (!answer.text.empty()) error.what += " (" + answer.text + ")";
  if (answer.error == EBADMSG) error.kind = ErrorKind::kMalformed;
  return error;
}

void NetlinkConversation::Compose(std::uint16_t type, std::uint16_t flags,
                                  std::span<const std::byte> payload) {
  dump_ = (flags & NLM_F_DUMP) == NLM_F_DUMP;
  const nlmsghdr header = {
      .nlmsg_len = static_cast<std::uint32_t>(sizeof header + payload.size()),
      .nlmsg_type = type,
      .nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST | (dump_ ? 0 : NLM_F_ACK)),
      .nlmsg_seq = ++sequence_,
      .nlmsg_pid = 0};
  request_.resize(sizeof header + payload.size());
  std::memcpy(request_.data(), &header, sizeof header);
  std::copy(payload.begin(), payload.end(), request_.begin() + sizeof header);
}

NetlinkConversation::Answer NetlinkConversation::Ask(std::uint16_t type, std::uint16_t flags,
                                                     std::span<const std::byte> payload,
                                                     const NetlinkVisitor& visit) {
  if (in_flight_) {
    if (const int error = wire_->Reset(); error != 0) return {Kind::kFailed, error};
  }
  // Until the end has been seen, and when `visit` throws, there is more to come.
  in_flight_ = true;
  interrupted_ = false;
  stopped_ = false;
  Compose(type, flags, payload);
  if (const int error = wire_->Send(request_); error != 0) return {Kind::kFailed, error};
  Answer answer;
  while (answer.kind == Kind::kReading) answer = ReadDatagram(visit);
  if (answer.kind == Kind::kComplete && interrupted_ && !stopped_) {
    return {Kind::kAgain, EINTR, "the objects changed while they were listed"};
  }
  return answer;
}

NetlinkConversation::Answer NetlinkConversation::ReadDatagram(const NetlinkVisitor& visit) {
  const NetlinkWire::Received received = wire_->Receive(buffer_.span());
  if (received.error == ENOBUFS) return {Kind::kAgain, ENOBUFS};
  if (received.error != 0) return {Kind::kFailed, received.error};
  if (received.size > buffer_.size()) {
    if (received.size > kLargestBuffer) return {Kind::kFailed, EMSGSIZE};
    buffer_.Grow(received.size * 2);
    return {Kind::kAgain, EMSGSIZE};
  }
  std::span<const std::byte> rest = buffer_.span().first(received.size);
  if (rest.empty()) return {Kind::kFailed, EBADMSG, "an empty datagram"};
  while (!rest.empty()) {
    nlmsghdr header;
    if (!ReadHeader(rest, header) || header.nlmsg_len < sizeof header ||
        header.nlmsg_len > rest.size()) {
      return {Kind::kFailed, EBADMSG, "a message that does not fit its datagram"};
    }
    const auto payload = rest.subspan(sizeof header, header.nlmsg_len - sizeof header);
    rest = AfterHeader(rest, header.nlmsg_len);
    if (header.nlmsg_seq != sequence_) continue;
    if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) interrupted_ = true;
    const NetlinkMessage message = {header.nlmsg_type, header.nlmsg_flags, payload};
    if (header.nlmsg_type >= NLMSG_MIN_TYPE) {
      visit(message);
    } else if (Answer answer = ReadControl(message); answer.kind != Kind::kReading) {
      return answer;
    }
    // The socket, which still holds the rest, is not used again.
    if (stopped_) return {Kind::kComplete};
  }
  return {};
}

// What the protocol itself says; objects have higher types.
NetlinkConversation::Answer NetlinkConversation::ReadControl(const NetlinkMessage& message) {
  switch (message.type) {
    case NLMSG_OVERRUN:
      return {Kind::kAgain, ENOBUFS};
    case NLMSG_DONE:
      in_flight_ = false;
      return ReadError(message, sizeof(int), false);
    case NLMSG_ERROR: {
      nlmsgerr error = {};
      if (!ReadHeader(message.payload, error)) return {Kind::kFailed, EBADMSG, "a short error"};
      const bool capped = (message.flags & NLM_F_CAPPED) != 0;
      Answer answer = ReadError(
          message, capped ? sizeof error : sizeof(int) + NetlinkPadded(error.msg.nlmsg_len), dump_);
      in_flight_ = answer.kind == Kind::kReading;
      return answer;
    }
    default:
      return {};
  }
}

// The error number at the front of NLMSG_ERROR and NLMSG_DONE, and the text after `text_at`. A dump
// goes on after a mere acknowledgement.
NetlinkConversation::Answer NetlinkConversation::ReadError(const NetlinkMessage& message,
                                                           std::size_t text_at, bool dump) {
  int error = 0;
  // No number is success, and so is a positive one: some dumps end with a count.
  if (!ReadHeader(message.payload, error) || error >= 0) {
    return {dump ? Kind::kReading : Kind::kComplete};
  }
  std::string text;
  if ((message.flags & NLM_F_ACK_TLVS) != 0) {
    text = ExtendedAckText(AfterHeader(message.payload, text_at));
  }
  return {Kind::kFailed, error == INT_MIN ? EBADMSG : -error, std::move(text)};
}

}  // namespace netstack
