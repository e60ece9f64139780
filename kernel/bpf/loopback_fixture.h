#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "kernel/bpf/fd.h"

namespace netstack {

// A connection over loopback.
struct LoopbackConnection {
  explicit LoopbackConnection(int family) {
    const Fd listening(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_storage address = {};
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    address.ss_family = static_cast<sa_family_t>(family);
    if (family == AF_INET) {
      reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else {
      reinterpret_cast<sockaddr_in6&>(address).sin6_addr = in6addr_loopback;
    }
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    is_there = bind(listening.get(), raw, size) == 0 && listen(listening.get(), 1) == 0 &&
               getsockname(listening.get(), raw, &size) == 0;
    port = ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);  // At the same place in both.
    client = Fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    is_there = is_there && connect(client.get(), raw, size) == 0;
    server = Fd(accept(listening.get(), nullptr, nullptr));
  }

  // Returns when all of it can be read, after what was `unread` before.
  void Send(std::size_t size, std::size_t unread = 0) const {
    const std::vector<char> bytes(size);
    EXPECT_EQ(send(client.get(), bytes.data(), size, 0), static_cast<ssize_t>(size));
    EXPECT_EQ(Unread(unread + size), static_cast<int>(unread + size));
  }
  // Reads what Send() sent.
  void Read(std::size_t size) const {
    std::vector<char> bytes(size);
    EXPECT_EQ(recv(server.get(), bytes.data(), size, MSG_WAITALL), static_cast<ssize_t>(size));
  }

  bool is_there = false;
  std::uint16_t port = 0;  // Of the server.
  Fd client;
  Fd server;

 private:
  int Unread(std::size_t expected) const {
    int unread = 0;
    for (int i = 0; i < 5000; ++i) {
      ioctl(server.get(), SIOCINQ, &unread);
      if (unread >= static_cast<int>(expected)) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return unread;
  }
};

}  // namespace netstack
