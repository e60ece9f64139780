#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Sockets that a test opens itself on loopback, and what ss says of them.
namespace netstack {

class LoopbackSocket {
 public:
  LoopbackSocket() = default;
  LoopbackSocket(int family, int type) : fd_(socket(family, type | SOCK_CLOEXEC, 0)) {}
  explicit LoopbackSocket(int fd) : fd_(fd) {}
  LoopbackSocket(LoopbackSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  LoopbackSocket& operator=(LoopbackSocket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~LoopbackSocket() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

// Runs `test` in a thread with a network namespace of its own, whose loopback is up.
template <class Test>
void Alone(Test&& test) {
  bool alone = false;
  std::thread([&] {
    if (unshare(CLONE_NEWNET) != 0) return;
    const LoopbackSocket control(AF_INET, SOCK_DGRAM);
    ifreq request = {};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP;
    if (ioctl(control.fd(), SIOCSIFFLAGS, &request) != 0) return;
    alone = true;
    test();
  }).join();
  if (!alone) GTEST_SKIP() << "may not make a network namespace";
}

// An address of 127/8 that belongs to this process, or ::1; the port comes from the kernel.
class LoopbackAddress {
 public:
  static LoopbackAddress V4() {
    LoopbackAddress out;
    const auto pid = static_cast<std::uint32_t>(getpid());
    out.text_ = "127." + std::to_string(64 + (pid >> 16) % 128) + "." +
                std::to_string((pid >> 8) & 255) + "." + std::to_string((pid & 255) | 1);
    auto* const in = reinterpret_cast<sockaddr_in*>(&out.storage_);
    in->sin_family = AF_INET;
    inet_pton(AF_INET, out.text_.c_str(), &in->sin_addr);
    out.size_ = sizeof *in;
    return out;
  }
  static LoopbackAddress V6() {
    LoopbackAddress out;
    out.text_ = "::1";
    auto* const in = reinterpret_cast<sockaddr_in6*>(&out.storage_);
    in->sin6_family = AF_INET6;
    in->sin6_addr = in6addr_loopback;
    out.size_ = sizeof *in;
    return out;
  }

  int family() const { return storage_.ss_family; }
  const std::string& text() const { return text_; }
  std::uint16_t port() const {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
  }
  // Binds, and takes over the port the kernel gave.
  bool Bind(const LoopbackSocket& socket) {
    return bind(socket.fd(), reinterpret_cast<const sockaddr*>(&storage_), size_) == 0 &&
           getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&storage_), &size_) == 0;
  }
  int Connect(const LoopbackSocket& socket) const {
    return connect(socket.fd(), reinterpret_cast<const sockaddr*>(&storage_), size_);
  }

 private:
  sockaddr_storage storage_ = {};
  socklen_t size_ = 0;
  std::string text_;
};

// Opens a connection without waiting longer than `patience` for it; it goes on opening after that.
inline LoopbackSocket ConnectTo(const LoopbackAddress& address,
                                std::chrono::milliseconds patience) {
  LoopbackSocket client(address.family(), SOCK_STREAM | SOCK_NONBLOCK);
  if (address.Connect(client) != 0) {
    pollfd wait = {.fd = client.fd(), .events = POLLOUT, .revents = 0};
    poll(&wait, 1, static_cast<int>(patience.count()));
  }
  return client;
}

// Asks again until `claim` holds or ten seconds have passed.
template <class Claim>
bool Eventually(Claim&& claim) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!claim()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

// What a command prints, by line; nothing when there is no such command.
inline std::vector<std::string> LinesOf(const std::string& command) {
  std::vector<std::string> lines;
  FILE* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return lines;
  std::array<char, 4096> line;
  while (fgets(line.data(), line.size(), pipe) != nullptr) {
    lines.emplace_back(line.data());
    while (!lines.back().empty() && lines.back().back() == '\n') lines.back().pop_back();
  }
  pclose(pipe);
  return lines;
}

}  // namespace netstack
