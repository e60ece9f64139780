#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace netstack::testing {

// A client that sends any bytes, right or wrong, over TCP or a unix socket.
class RawClient {
 public:
  // "127.0.0.1:PORT", "[::1]:PORT" or "unix:/path"; check connected().
  explicit RawClient(const std::string& address, int receive_buffer = 0);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&&) = delete;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  bool Send(std::string_view bytes) const;
  // What arrives until the server closes or the deadline passes.
  std::string ReadAll(std::chrono::milliseconds deadline = std::chrono::seconds(20));
  // Whether the server ended the connection within the deadline.
  bool EndsWithin(std::chrono::milliseconds deadline);
  void Reset();  // Closes with RST.

 private:
  int fd_ = -1;
  bool ended_ = false;
};

struct Answer {
  int status = 0;  // 0: no complete answer.
  std::string head;
  std::string body;

  // The header's value; empty when absent.
  std::string Header(std::string_view name) const;
};

Answer ParseAnswer(const std::string& bytes);

// Sends the bytes and reads the answer.
Answer Exchange(const std::string& address, std::string_view bytes,
                std::chrono::milliseconds deadline = std::chrono::seconds(20));

// A well-behaved GET; `headers` are whole lines ending in CRLF.
Answer Get(const std::string& address, const std::string& target, const std::string& headers = "",
           std::chrono::milliseconds deadline = std::chrono::seconds(20));

}  // namespace netstack::testing
