#include "kernel/record/exchange.h"

#include <array>
#include <cstdio>
#include <cstring>

#include "kernel/netlink/attribute.h"
#include "kernel/text.h"

namespace netstack {
namespace {

constexpr std::string_view kMagic = "NSNL0001";

enum Kind : std::uint32_t { kRequest = 1, kMessage, kRestart, kDone, kError };

struct RecordHeader {
  std::uint32_t kind;
  std::uint32_t size;
};

struct RequestHeader {
  std::int32_t protocol;
  std::uint16_t type;
  std::uint16_t flags;
};

struct MessageHeader {
  std::uint16_t type;
  std::uint16_t flags;
};

template <class T>
std::string_view BytesOf(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::span<const std::byte> AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

constexpr std::array<std::string_view, 7> kErrorKinds = {
    "absent", "no_permission", "unsupported", "malformed", "timeout", "io", "invalid"};

Error ParseError(std::string_view text) {
  std::string_view kind;
  std::string_view path;
  std::string_view what;
  NextLine(text, kind);
  NextLine(text, path);
  NextLine(text, what);
  Error error = {.kind = ErrorKind::kIo, .path = std::string(path), .what = std::string(what)};
  for (std::size_t i = 0; i < kErrorKinds.size(); ++i) {
    if (kErrorKinds[i] == kind) error.kind = static_cast<ErrorKind>(i);
  }
  return error;
}

// Takes the next record off `rest`; false at the end and where it does not fit.
bool NextRecord(std::span<const std::byte>& rest, RecordHeader& header,
                std::span<const std::byte>& bytes) {
  if (!ReadHeader(rest, header) || header.size > rest.size() - sizeof header) return false;
  bytes = rest.subspan(sizeof header, header.size);
  rest = rest.subspan(sizeof header + header.size);
  return true;
}

RequestHeader HeaderOf(const Exchange::Request& request) {
  return {.protocol = request.protocol, .type = request.type, .flags = request.flags};
}

}  // namespace

Exchange::Exchange(const Request& request) : bytes_(kMagic) {
  Add(kRequest, BytesOf(HeaderOf(request)), request.payload);
}

void Exchange::Add(std::uint32_t kind, std::string_view front, std::span<const std::byte> bytes) {
  bytes_ += BytesOf(
      RecordHeader{.kind = kind, .size = static_cast<std::uint32_t>(front.size() + bytes.size())});
  bytes_ += front;
  bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void Exchange::AddMessage(const NetlinkMessage& message) {
  Add(kMessage, BytesOf(MessageHeader{.type = message.type, .flags = message.flags}),
      message.payload);
}

void Exchange::AddRestart() {
  Add(kRestart, {}, {});
}

void Exchange::AddEnd(const Status& status) {
  if (status) {
    Add(kDone, {}, {});
    return;
  }
  const Error& error = status.error();
  const std::string_view kind = kErrorKinds.at(static_cast<std::size_t>(error.kind));
  Add(kError, std::string(kind) + "\n" + error.path + "\n" + error.what + "\n", {});
}

bool Exchange::Answers(const Request& request) const {
  return std::string_view(bytes_).starts_with(Exchange(request).bytes());
}

Status Exchange::Replay(std::string_view path, const NetlinkVisitor& visit,
                        const std::function<void()>& restart) const {
  if (!bytes_.starts_with(kMagic)) return MalformedAt(path, 0, "not a recorded exchange", bytes_);
  std::span<const std::byte> rest = AsBytes(bytes_).subspan(kMagic.size());
  std::span<const std::byte> bytes;
  RecordHeader record;
  while (NextRecord(rest, record, bytes)) {
    MessageHeader message;
    switch (record.kind) {
      case kRequest:
        break;
      case kMessage:
        if (!ReadHeader(bytes, message)) return MalformedAt(path, 0, "a short message", "");
        visit({message.type, message.flags, bytes.subspan(sizeof message)});
        break;
      case kRestart:
        if (restart) restart();
        break;
      case kDone:
        return {};
      case kError:
        return ParseError({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
      default:
        return MalformedAt(path, 0, "unknown kind of record", std::to_string(record.kind));
    }
  }
  return MalformedAt(path, 0, "the recording ends before the answer does", "");
}

std::string Exchange::FileName(const Request& request) {
  // FNV-1a: the name only has to be the same each time; Answers() checks what is inside.
  std::uint64_t hash = 0xcbf29ce484222325;
  const Exchange asked(request);
  for (const char c : asked.bytes()) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  std::array<char, 17> text;
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
  return NetlinkProtocolName(request.protocol) + "/" + text.data() + ".bin";
}

}  // namespace netstack
