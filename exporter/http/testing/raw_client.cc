#include "exporter/http/testing/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "exporter/http/message.h"

namespace netstack::testing {
namespace {

using Clock = std::chrono::steady_clock;

socklen_t MakeName(const std::string& address, sockaddr_storage& out) {
  if (address.starts_with("unix:")) {
    auto* name = reinterpret_cast<sockaddr_un*>(&out);
    name->sun_family = AF_UNIX;
    const std::string path = address.substr(5);
    std::memcpy(name->sun_path, path.data(), path.size());
    return sizeof(sockaddr_un);
  }
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  const auto port = static_cast<std::uint16_t>(std::atoi(address.c_str() + colon + 1));
  if (host.starts_with("[")) {
    auto* name = reinterpret_cast<sockaddr_in6*>(&out);
    name->sin6_family = AF_INET6;
    name->sin6_port = htons(port);
    inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &name->sin6_addr);
    return sizeof(sockaddr_in6);
  }
  auto* name = reinterpret_cast<sockaddr_in*>(&out);
  name->sin_family = AF_INET;
  name->sin_port = htons(port);
  inet_pton(AF_INET, host.c_str(), &name->sin_addr);
  return sizeof(sockaddr_in);
}

int MillisecondsUntil(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

}  // namespace

RawClient::RawClient(const std::string& address, int receive_buffer) {
  sockaddr_storage name{};
  const socklen_t size = MakeName(address, name);
  fd_ = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) {
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&name), size) != 0) {
    close(fd_);
    fd_ = -1;
  }
}

RawClient::~RawClient() {
  if (fd_ >= 0) close(fd_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), ended_(other.ended_) {}

bool RawClient::Send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string RawClient::ReadAll(std::chrono::milliseconds deadline) {
  const Clock::time_point end = Clock::now() + deadline;
  std::string all;
  char buffer[65536];
  pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
  while (!ended_ && poll(&waiting, 1, MillisecondsUntil(end)) > 0) {
    const ssize_t n = recv(fd_, buffer, sizeof(buffer), 0);
    if (n <= 0) {
      ended_ = true;
    } else {
      all.append(buffer, static_cast<std::size_t>(n));
    }
  }
  return all;
}

bool RawClient::EndsWithin(std::chrono::milliseconds deadline) {
  ReadAll(deadline);
  return ended_;
}

void RawClient::Reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  close(fd_);
  fd_ = -1;
}

std::string Answer::Header(std::string_view name) const {
  std::size_t line = head.find("\r\n");
  while (line != std::string::npos) {
    const std::size_t start = line + 2;
    line = head.find("\r\n", start);
    const std::string field = head.substr(start, line - start);
    const std::size_t colon = field.find(": ");
    if (colon != std::string::npos && EqualIgnoringCase(field.substr(0, colon), name)) {
      return field.substr(colon + 2);
    }
  }
  return {};
}

Answer ParseAnswer(const std::string& bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (!bytes.starts_with("HTTP/1.") || end == std::string::npos) return {};
  return {.status = std::atoi(bytes.c_str() + 9),
          .head = bytes.substr(0, end),
          .body = bytes.substr(end + 4)};
}

Answer Exchange(const std::string& address, std::string_view bytes,
                std::chrono::milliseconds deadline) {
  RawClient client(address);
  if (!client.connected() || !client.Send(bytes)) return {};
  return ParseAnswer(client.ReadAll(deadline));
}

Answer Get(const std::string& address, const std::string& target, const std::string& headers,
           std::chrono::milliseconds deadline) {
  return Exchange(address, "GET " + target + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n",
                  deadline);
}

}  // namespace netstack::testing
