#include "config/web_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "kernel/error.h"

namespace netstack {
namespace {

std::string Refuse(std::string_view complaint, std::string_view value) {
  return MalformedAt("", 0, complaint, value).what;
}

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsPort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && status == std::errc() && end == text.data() + text.size();
}

bool IsIpv6(std::string_view text) {
  in6_addr address;
  return inet_pton(AF_INET6, std::string(text.substr(0, text.find('%'))).c_str(), &address) == 1;
}

// A name or an IPv4 address; empty means every address.
bool IsHost(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return IsAlphanumeric(c) || c == '.' || c == '-' || c == '_'; });
}

constexpr std::string_view kUnix = "unix:";
constexpr std::size_t kMaxUnixPath = 107;  // sizeof sockaddr_un::sun_path, less the NUL.

std::string ComplaintAboutSocketPath(std::string_view address) {
  const std::string_view path = address.substr(kUnix.size());
  if (!path.starts_with('/')) return Refuse("not an absolute path after unix:", address);
  if (path.size() > kMaxUnixPath) return Refuse("path is longer than 107 bytes", address);
  return "";
}

}  // namespace

std::string ComplaintAboutListenAddress(std::string_view address) {
  if (address.starts_with(kUnix)) return ComplaintAboutSocketPath(address);
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return Refuse("no port in address", address);
  if (!IsPort(address.substr(colon + 1))) {
    return Refuse("port is not a whole number between 0 and 65535", address);
  }
  const std::string_view host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    if (IsIpv6(host.substr(1, host.size() - 2))) return "";
    return Refuse("not an IPv6 address between [ and ]", address);
  }
  if (host.find(':') != std::string_view::npos) {
    return Refuse("an IPv6 address stands between [ and ]", address);
  }
  return IsHost(host) ? "" : Refuse("not :port, host:port, [ipv6]:port or unix:/path", address);
}

std::string ComplaintAboutTelemetryPath(std::string_view path) {
  if (!path.starts_with('/')) return Refuse("does not begin with '/'", path);
  if (path == "/" || path == "/-" || path.starts_with("/-/")) {
    return Refuse("is a page of the exporter's own", path);
  }
  const bool plain = std::ranges::all_of(path, [](char c) {
    return IsAlphanumeric(c) || std::string_view("/._~-").find(c) != std::string_view::npos;
  });
  return plain ? "" : Refuse("has characters other than letters, digits and /._~-", path);
}

std::string ComplaintAboutAbsolutePath(std::string_view path) {
  return path.starts_with('/') ? "" : Refuse("does not begin with '/'", path);
}

}  // namespace netstack
