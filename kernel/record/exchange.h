#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/netlink/netlink.h"
#include "kernel/result.h"

namespace netstack {

// One netlink request with all that came back, as it is kept in a file. The format:
//
//   "NSNL0001", then records until the end of the file: u32 kind, u32 size, `size` bytes.
//     1 request  u32 protocol, u16 type, u16 flags, payload
//     2 message  u16 type, u16 flags, payload
//     3 restart  nothing: the messages so far were thrown away and the request was sent again
//     4 done     nothing: success
//     5 error    kind of error, path and text, each ended by a newline
//
// Numbers are in the byte order of the recording machine, as the messages themselves are. A file
// begins with one request and ends with done or error.
class Exchange {
 public:
  struct Request {
    int protocol = 0;
    std::uint16_t type = 0;
    std::uint16_t flags = 0;
    std::span<const std::byte> payload;
  };

  // Starts a new recording.
  explicit Exchange(const Request& request);
  // Takes the bytes of a file; nothing is checked before Replay().
  explicit Exchange(std::string bytes) : bytes_(std::move(bytes)) {}

  void AddMessage(const NetlinkMessage& message);
  void AddRestart();
  void AddEnd(const Status& status);
  const std::string& bytes() const { return bytes_; }

  // True if this is an answer to `request`.
  bool Answers(const Request& request) const;
  // Hands out what was recorded. `path` names the file in an error about its format.
  Status Replay(std::string_view path, const NetlinkVisitor& visit,
                const std::function<void()>& restart) const;

  // File name of a request below the directory of recorded netlink: "route/0123456789abcdef.bin".
  // Requests that differ only in sequence number and port have the same.
  static std::string FileName(const Request& request);

 private:
  void Add(std::uint32_t kind, std::string_view front, std::span<const std::byte> bytes);

  std::string bytes_;
};

}  // namespace netstack
