#include "exporter/http/sockets.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace netstack {
namespace {

// Made by this process, so it is the only one that came through its listener.
class Connection {
 public:
  Connection() {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_, name, size), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    EXPECT_EQ(getsockname(listener_, name, &size), 0);
    EXPECT_EQ(connect(client_, name, size), 0);
    accepted_ = accept(listener_, nullptr, nullptr);
  }
  ~Connection() {
    for (const int fd : {accepted_, client_, listener_}) close(fd);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  int listener() const { return listener_; }

 private:
  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int client_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int accepted_ = -1;
};

TEST(Sockets, FindsTheListenersOfTheProcess) {
  const auto before = FindListeningSockets();
  const Connection connection;
  const auto added = NewSockets(before, FindListeningSockets());
  ASSERT_EQ(added.size(), 1u);
  EXPECT_EQ(added[0].fd, connection.listener());
}

TEST(Sockets, FindsEachAcceptedConnectionOnce) {
  const auto before = FindListeningSockets();
  const Connection connection;
  const auto listeners = NewSockets(before, FindListeningSockets());
  EXPECT_EQ(FindAcceptedSockets(listeners).size(), 1u) << "neither its copies nor the client's end";
  EXPECT_EQ(FindAcceptedSockets(listeners).size(), 1u);
}

}  // namespace
}  // namespace netstack
