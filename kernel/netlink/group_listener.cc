#include "kernel/netlink/group_listener.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "kernel/raw_buffer.h"

namespace netstack {
namespace {

constexpr std::size_t kBuffer = 64u << 10;  // The kernel's notifications are a few KiB at most.
constexpr int kMostDatagrams = 4096;        // In one call; a storm must not keep a scrape for ever.

class GroupListener : public NetlinkListener {
 public:
  GroupListener(int fd, std::string path) : fd_(fd), path_(std::move(path)), buffer_(kBuffer) {}
  ~GroupListener() override { close(fd_); }
  GroupListener(const GroupListener&) = delete;
  GroupListener& operator=(const GroupListener&) = delete;

  Status TakeNews(const NetlinkVisitor& visit) override {
    Status status;
    for (int i = 0; i < kMostDatagrams; ++i) {
      sockaddr_nl sender = {};
      socklen_t sender_size = sizeof sender;
      const ssize_t got = recvfrom(fd_, buffer_.data(), buffer_.size(), MSG_DONTWAIT | MSG_TRUNC,
                                   reinterpret_cast<sockaddr*>(&sender), &sender_size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return status;
      if (got < 0) {
        status = ErrorFromErrno(errno, path_, "receive");
        if (errno != ENOBUFS) return status;
      } else if (sender.nl_pid != 0) {
        continue;  // Not the kernel.
      } else if (static_cast<std::size_t>(got) > buffer_.size()) {
        status = Error{.kind = ErrorKind::kIo, .path = path_, .what = "a notification was cut"};
      } else {
        Visit({buffer_.data(), static_cast<std::size_t>(got)}, visit);
      }
    }
    return status;
  }

 private:
  static void Visit(std::span<const std::byte> rest, const NetlinkVisitor& visit) {
    nlmsghdr header;
    while (rest.size() >= sizeof header) {
      std::memcpy(&header, rest.data(), sizeof header);
      if (header.nlmsg_len < sizeof header || header.nlmsg_len > rest.size()) return;
      visit({.type = header.nlmsg_type,
             .flags = header.nlmsg_flags,
             .payload = rest.subspan(sizeof header, header.nlmsg_len - sizeof header)});
      const std::size_t padded = (header.nlmsg_len + 3u) & ~std::size_t{3};
      rest = rest.subspan(std::min(padded, rest.size()));
    }
  }

  const int fd_;
  const std::string path_;
  RawBuffer<std::byte> buffer_;
};

}  // namespace

Result<std::unique_ptr<NetlinkListener>> ListenToGroup(int protocol, std::uint32_t group) {
  const std::string path =
      "netlink " + NetlinkProtocolName(protocol) + " group " + std::to_string(group);
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (fd < 0) return ErrorFromErrno(errno, path, "socket");
  auto listener = std::make_unique<GroupListener>(fd, path);
  const sockaddr_nl self = {.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = 0};
  if (bind(fd, reinterpret_cast<const sockaddr*>(&self), sizeof self) != 0) {
    return ErrorFromErrno(errno, path, "bind");
  }
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0) {
    return ErrorFromErrno(errno, path, "join");
  }
  return std::unique_ptr<NetlinkListener>(std::move(listener));
}

}  // namespace netstack
