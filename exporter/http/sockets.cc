#include "exporter/http/sockets.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "kernel/file.h"
#include "kernel/text.h"

namespace netstack {
namespace {

struct Name {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

std::optional<Name> LocalName(int fd) {
  Name name;
  if (getsockname(fd, name.get(), &name.size) != 0) return std::nullopt;
  return name;
}

Name PeerName(int fd) {
  Name name;
  if (getpeername(fd, name.get(), &name.size) != 0) name.storage.ss_family = AF_UNSPEC;
  return name;
}

int Port(const Name& name) {
  if (name.family() == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&name.storage)->sin_port);
  }
  if (name.family() == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&name.storage)->sin6_port);
  }
  return 0;
}

// The same text as civetweb's for the same address.
std::string Host(const Name& name) {
  char host[NI_MAXHOST] = "";
  getnameinfo(name.get(), name.size, host, sizeof(host), nullptr, 0, NI_NUMERICHOST);
  return host;
}

std::string UnixPath(const Name& name) {
  const auto* address = reinterpret_cast<const sockaddr_un*>(&name.storage);
  if (name.size <= offsetof(sockaddr_un, sun_path)) return {};
  const std::size_t size = name.size - offsetof(sockaddr_un, sun_path);
  return {address->sun_path, strnlen(address->sun_path, size)};
}

std::string Describe(const Name& name) {
  if (name.family() == AF_UNIX) return "unix:" + UnixPath(name);
  const std::string host = Host(name);
  const std::string port = std::to_string(Port(name));
  return name.family() == AF_INET6 ? "[" + host + "]:" + port : host + ":" + port;
}

int IntOption(int fd, int option) {
  int value = 0;
  socklen_t size = sizeof(value);
  return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

std::uint64_t Cookie(int fd) {
  std::uint64_t value = 0;
  socklen_t size = sizeof(value);
  return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &value, &size) == 0 ? value : 0;
}

// All descriptors of the process are below.
int EndOfDescriptors() {
  constexpr int kWithoutProcfs = 1024;
  const Result<std::string> status = ReadFile("/proc/self/status");
  if (!status) return kWithoutProcfs;
  std::string_view rest = *status;
  std::string_view line, word;
  while (NextLine(rest, line)) {
    if (!NextWord(line, word) || word != "FDSize:") continue;
    return static_cast<int>(ParseDecimal(Trimmed(line)).value_or(kWithoutProcfs));
  }
  return kWithoutProcfs;
}

// The descriptors that `is_wanted`. To ask for each that there may be costs a fraction of what a
// walk through /proc/self/fd does.
template <class Predicate>
std::vector<int> FindDescriptors(Predicate is_wanted) {
  std::vector<int> found;
  const int end = EndOfDescriptors();
  for (int fd = 0; fd < end; ++fd) {
    if (is_wanted(fd)) found.push_back(fd);
  }
  return found;
}

// Only the port and the family: the local address of a connection is a concrete one where the
// listener's may be a wildcard.
bool CameThrough(const Name& local, const ListeningSocket& listener) {
  if (local.family() != listener.family) return false;
  if (local.family() == AF_UNIX) return Describe(local) == listener.address;
  return Port(local) == listener.port;
}

bool IsConnectedStream(int fd) {
  return IntOption(fd, SO_TYPE) == SOCK_STREAM && IntOption(fd, SO_ACCEPTCONN) == 0 &&
         PeerName(fd).family() != AF_UNSPEC;
}

}  // namespace

std::vector<ListeningSocket> FindListeningSockets() {
  std::vector<ListeningSocket> found;
  for (const int fd : FindDescriptors([](int fd) { return IntOption(fd, SO_ACCEPTCONN) == 1; })) {
    const auto name = LocalName(fd);
    if (!name) continue;
    found.push_back({.fd = fd,
                     .cookie = Cookie(fd),
                     .address = Describe(*name),
                     .family = name->family(),
                     .port = Port(*name)});
  }
  return found;
}

std::vector<ListeningSocket> NewSockets(const std::vector<ListeningSocket>& before,
                                        const std::vector<ListeningSocket>& after) {
  std::vector<ListeningSocket> added;
  for (const ListeningSocket& socket : after) {
    if (std::none_of(before.begin(), before.end(),
                     [&](const ListeningSocket& b) { return b.cookie == socket.cookie; })) {
      added.push_back(socket);
    }
  }
  return added;
}

void DeferAccept(int fd, std::chrono::seconds patience) {
  const int seconds = static_cast<int>(patience.count());
  // Refused on a unix socket, which has no need of it.
  (void)setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof(seconds));
}

AcceptedSocket::~AcceptedSocket() {
  if (fd_ >= 0) close(fd_);
}

AcceptedSocket::AcceptedSocket(AcceptedSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

std::uint64_t AcceptedSocket::cookie() const {
  return Cookie(fd_);
}

bool AcceptedSocket::is_unix() const {
  return IntOption(fd_, SO_DOMAIN) == AF_UNIX;
}

std::string AcceptedSocket::peer_address() const {
  const Name name = PeerName(fd_);
  return name.family() == AF_UNIX ? "unix" : Host(name);
}

int AcceptedSocket::peer_port() const {
  return Port(PeerName(fd_));
}

bool AcceptedSocket::has_unread_input() const {
  int bytes = 0;
  return ioctl(fd_, FIONREAD, &bytes) == 0 && bytes > 0;
}

std::uint64_t AcceptedSocket::bytes_acknowledged() const {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(fd_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_acked;  // Since Linux 4.1.
}

void AcceptedSocket::Shutdown() const {
  shutdown(fd_, SHUT_RDWR);
}

std::vector<AcceptedSocket> FindAcceptedSockets(const std::vector<ListeningSocket>& listeners) {
  std::vector<AcceptedSocket> found;
  // All at first: the copies are connected streams, too.
  for (const int fd : FindDescriptors(IsConnectedStream)) {
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) continue;
    AcceptedSocket accepted(copy);
    const auto local = LocalName(copy);
    if (!local || !IsConnectedStream(copy)) continue;
    if (std::any_of(listeners.begin(), listeners.end(), [&](const ListeningSocket& listener) {
          return CameThrough(*local, listener);
        })) {
      found.push_back(std::move(accepted));
    }
  }
  return found;
}

}  // namespace netstack
