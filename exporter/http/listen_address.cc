#include "exporter/http/listen_address.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace netstack {
namespace {

constexpr std::string_view kUnix = "unix:";

Error Invalid(std::string_view address, std::string_view why) {
  std::string what;
  what.append("'").append(address).append("': ").append(why);
  return {.kind = ErrorKind::kInvalid, .path = "--web.listen-address", .what = std::move(what)};
}

bool IsPort(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port <= 65535;
}

bool IsHostChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '-' || c == '_';
}

bool IsIpv6Char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
         c == '.';
}

bool IsHost(std::string_view host) {
  const bool bracketed = host.size() >= 4 && host.front() == '[' && host.back() == ']';
  if (bracketed) {
    const std::string_view inside = host.substr(1, host.size() - 2);
    return std::all_of(inside.begin(), inside.end(), IsIpv6Char);
  }
  return std::all_of(host.begin(), host.end(), IsHostChar);
}

Result<std::string> UnixSpec(std::string_view address) {
  const std::string path = UnixSocketPath(address);
  if (path.empty() || path[0] != '/') return Invalid(address, "a unix socket needs a full path");
  if (path.size() >= sizeof(sockaddr_un::sun_path) - 1) return Invalid(address, "path too long");
  if (path.find_first_of(", :\t\n") != std::string::npos) {
    return Invalid(address, "comma, colon and space cannot be part of the path");
  }
  std::string spec = "x";
  return spec.append(path);
}

bool SomebodyListens(const sockaddr_un& address) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return true;
  const bool refused =
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
      errno == ECONNREFUSED;
  close(fd);
  return !refused;
}

}  // namespace

Result<std::string> CivetwebListenSpec(std::string_view address, bool tls, bool host_has_ipv6) {
  if (address.starts_with(kUnix)) return UnixSpec(address);
  if (address.starts_with("vsock:")) return Invalid(address, "vsock is not supported");
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return Invalid(address, "missing port, as in ':10417'");
  const std::string_view host = address.substr(0, colon);
  const std::string_view port = address.substr(colon + 1);
  if (!IsPort(port)) return Invalid(address, "not a port at the end");
  if (!IsHost(host)) return Invalid(address, "not a host name or address");
  std::string spec(host);
  spec += ':';
  if (host.empty() || host == "[::]") spec = host_has_ipv6 ? "+" : "0.0.0.0:";
  spec += port;
  if (tls) spec += 's';
  return spec;
}

Result<std::string> CivetwebListenSpecs(std::span<const std::string> addresses, bool tls,
                                        bool host_has_ipv6) {
  std::string ports;
  std::string sockets;
  for (const std::string& address : addresses) {
    const Result<std::string> spec = CivetwebListenSpec(address, tls, host_has_ipv6);
    if (!spec) return spec.error();
    (UnixSocketPath(address).empty() ? ports : sockets).append(*spec).push_back(',');
  }
  std::string all = ports + sockets;
  if (!all.empty()) all.pop_back();
  return all;
}

bool HostHasIpv6() {
  const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  close(fd);
  return true;
}

std::string UnixSocketPath(std::string_view address) {
  return address.starts_with(kUnix) ? std::string(address.substr(kUnix.size())) : std::string();
}

void RemoveStaleUnixSocket(const std::string& path) {
  struct stat status {};
  if (path.empty() || lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (!SomebodyListens(address)) unlink(path.c_str());
}

}  // namespace netstack
