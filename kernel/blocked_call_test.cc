#include "kernel/blocked_call.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

namespace netstack {
namespace {

// What is said of a thread that does `body`, once it is not "running" or elsewhere any more; the
// last word when it never says `expected`.
std::string WhileDoing(const std::function<void()>& body, const std::string& expected) {
  std::atomic<pid_t> id = 0;
  std::thread thread([&] {
    id = gettid();
    body();
  });
  std::string said;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (said != expected && std::chrono::steady_clock::now() < give_up) {
    if (id != 0) said = DescribeBlockedCall(id);
  }
  thread.detach();
  return said;
}

TEST(BlockedCall, NamesTheFileThatIsBeingOpened) {
  const std::string path = testing::TempDir() + "blocked_call_" + std::to_string(getpid());
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const std::string expected = "openat of " + path;
  // Nobody writes, so it stays there until we do.
  EXPECT_EQ(WhileDoing([path] { close(open(path.c_str(), O_RDONLY)); }, expected), expected);
  close(open(path.c_str(), O_WRONLY));
  std::filesystem::remove(path);
}

TEST(BlockedCall, NamesTheFileThatIsBeingRead) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string expected =
      "read of " +
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(ends[0])).string();
  const int from = ends[0];
  EXPECT_EQ(WhileDoing(
                [from] {
                  char byte;
                  (void)!read(from, &byte, 1);
                },
                expected),
            expected);
  close(ends[1]);
}

TEST(BlockedCall, NamesTheProtocolOfANetlinkSocket) {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  ASSERT_GE(fd, 0);
  const timeval patience = {.tv_sec = 20, .tv_usec = 0};
  ASSERT_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
  EXPECT_EQ(WhileDoing(
                [fd] {
                  char byte;
                  (void)!recvfrom(fd, &byte, 1, 0, nullptr, nullptr);
                },
                "recvfrom of netlink route"),
            "recvfrom of netlink route");
}

TEST(BlockedCall, SaysNothingOfAThreadThatIsNoMore) {
  EXPECT_EQ(DescribeBlockedCall(0), "");
}

}  // namespace
}  // namespace netstack
