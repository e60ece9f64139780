#include "kernel/blocked_call.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "kernel/directory.h"
#include "kernel/file.h"
#include "kernel/netlink/netlink.h"
#include "kernel/text.h"

namespace netstack {
namespace {

// What the first or second argument of a call says of its object.
enum class Object { kNone, kDescriptor, kPathBehindFolder };

struct Call {
  std::uint64_t number;
  std::string_view name;
  Object object;
};

constexpr auto kCalls = std::to_array<Call>({
    {SYS_openat, "openat", Object::kPathBehindFolder},
    {SYS_newfstatat, "fstatat", Object::kPathBehindFolder},
    {SYS_readlinkat, "readlinkat", Object::kPathBehindFolder},
    {SYS_read, "read", Object::kDescriptor},
    {SYS_pread64, "pread", Object::kDescriptor},
    {SYS_getdents64, "getdents64", Object::kDescriptor},
    {SYS_ioctl, "ioctl", Object::kDescriptor},
    {SYS_sendto, "sendto", Object::kDescriptor},
    {SYS_sendmsg, "sendmsg", Object::kDescriptor},
    {SYS_recvfrom, "recvfrom", Object::kDescriptor},
    {SYS_recvmsg, "recvmsg", Object::kDescriptor},
    {SYS_futex, "futex", Object::kNone},
});

std::string DescribeDescriptor(int fd) {
  int domain = 0;
  socklen_t size = sizeof domain;
  if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_NETLINK) {
    int protocol = 0;
    size = sizeof protocol;
    if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) != 0) return "netlink";
    return "netlink " + NetlinkProtocolName(protocol);
  }
  const Result<std::string> target = ReadLink("/proc/self/fd/" + std::to_string(fd), nullptr);
  return target ? *target : "descriptor " + std::to_string(fd);
}

// The text at an address of this process, which may have become invalid: the kernel looks for us.
std::string TextAt(std::uint64_t address) {
  std::array<char, 256> text = {};
  const iovec local = {.iov_base = text.data(), .iov_len = text.size()};
  const iovec remote = {.iov_base = reinterpret_cast<void*>(address), .iov_len = text.size()};
  const ssize_t got = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
  const auto end = std::find(text.begin(), text.end(), '\0');
  return got > 0 && end != text.end() ? std::string(text.begin(), end) : std::string();
}

}  // namespace

std::string DescribeBlockedCall(pid_t thread) {
  const auto line = ReadFile("/proc/self/task/" + std::to_string(thread) + "/syscall");
  if (!line) return {};
  std::string_view rest = Trimmed(*line);
  std::string_view word;
  NextWord(rest, word);
  const std::optional<std::uint64_t> number = ParseDecimal(word);
  if (!number) return std::string(word);  // "running"
  const auto call = std::ranges::find(kCalls, *number, &Call::number);
  if (call == kCalls.end()) return "system call " + std::string(word);
  std::array<std::uint64_t, 2> arguments = {};
  for (std::uint64_t& argument : arguments) {
    NextWord(rest, word);
    if (word.starts_with("0x")) word.remove_prefix(2);
    argument = ParseHex(word).value_or(0);
  }
  std::string object;
  if (call->object == Object::kDescriptor) {
    object = DescribeDescriptor(static_cast<int>(arguments[0]));
  } else if (call->object == Object::kPathBehindFolder) {
    object = TextAt(arguments[1]);
  }
  return std::string(call->name) + (object.empty() ? "" : " of " + object);
}

}  // namespace netstack
