#include "exporter/http/client.h"

#include <civetweb.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>

namespace netstack {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::string_view kUnix = "unix:";
constexpr int kUnixPort = -99;  // civetweb's word for a unix socket.
constexpr std::size_t kMaxBody = 64U << 20;

struct Target {
  std::string host;  // Or the path of a unix socket.
  int port = 80;
  std::string name;  // For the Host header.
  std::string path;
};

Error Invalid(const std::string& address, std::string what) {
  return {.kind = ErrorKind::kInvalid, .path = address, .what = std::move(what)};
}

std::optional<int> PortOf(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port > 0 && port <= 65535 ? std::optional(port) : std::nullopt;
}

Result<Target> Understand(const std::string& address) {
  const bool plain =
      std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!plain) return Invalid(address, "holds a blank or a character that no URL has");
  std::string_view rest = address;
  if (rest.starts_with(kUnix)) {
    rest.remove_prefix(kUnix.size());
    if (rest.empty()) return Invalid(address, "names no socket");
    return Target{
        .host = std::string(rest), .port = kUnixPort, .name = "localhost", .path = "/metrics"};
  }
  if (!rest.starts_with(kScheme))
    return Invalid(address, "not http://host:port/path or unix:/path");
  rest.remove_prefix(kScheme.size());
  const std::size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  Target target = {.host = {}, .port = 80, .name = std::string(authority), .path = "/"};
  if (slash != std::string_view::npos) target.path = rest.substr(slash);
  std::string_view host = authority;
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    const std::optional<int> port = PortOf(authority.substr(colon + 1));
    if (!port) return Invalid(address, "not a port between 1 and 65535");
    target.port = *port;
    host = authority.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.find('@') != std::string_view::npos) {
    return Invalid(address, "names no host");
  }
  target.host = host;
  return target;
}

// civetweb counts its users; the last one out frees what all share.
struct Library {
  Library() { mg_init_library(0); }
  ~Library() { mg_exit_library(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

struct Close {
  void operator()(mg_connection* connection) const { mg_close_connection(connection); }
};

Result<std::string> ReadBody(mg_connection* connection, const std::string& address) {
  const mg_response_info* const info = mg_get_response_info(connection);
  if (info == nullptr || info->status_code != 200) {
    return Error{.kind = ErrorKind::kIo,
                 .path = address,
                 .what = "answered " + std::to_string(info == nullptr ? 0 : info->status_code)};
  }
  std::string body;
  char buffer[16384];
  for (;;) {
    const int count = mg_read(connection, buffer, sizeof buffer);
    if (count < 0) return Error{.kind = ErrorKind::kIo, .path = address, .what = "broke off"};
    if (count == 0) break;
    body.append(buffer, static_cast<std::size_t>(count));
    if (body.size() > kMaxBody) return Invalid(address, "answers more than 64 MiB");
  }
  const bool cut =
      info->content_length > 0 && body.size() < static_cast<std::size_t>(info->content_length);
  if (cut) return Error{.kind = ErrorKind::kIo, .path = address, .what = "broke off"};
  return body;
}

}  // namespace

Result<std::string> HttpGet(const std::string& address, std::chrono::milliseconds timeout) {
  const Result<Target> target = Understand(address);
  if (!target) return target.error();
  const Library library;
  char text[256] = "";
  const std::unique_ptr<mg_connection, Close> connection(
      mg_connect_client(target->host.c_str(), target->port, 0, text, sizeof text));
  if (connection == nullptr) {
    return Error{.kind = ErrorKind::kAbsent, .path = address, .what = text};
  }
  const std::string seconds = std::to_string(static_cast<double>(timeout.count()) / 1000);
  const std::string request = "GET " + target->path + " HTTP/1.1\r\nHost: " + target->name +
                              "\r\nAccept: text/plain;version=0.0.4\r\n"
                              "X-Prometheus-Scrape-Timeout-Seconds: " +
                              seconds + "\r\nConnection: close\r\n\r\n";
  if (mg_write(connection.get(), request.data(), request.size()) !=
          static_cast<int>(request.size()) ||
      mg_get_response(connection.get(), text, sizeof text, static_cast<int>(timeout.count())) < 0) {
    return Error{.kind = ErrorKind::kTimeout,
                 .path = address,
                 .what = text[0] != '\0' ? std::string(text) : "no answer in time"};
  }
  return ReadBody(connection.get(), address);
}

}  // namespace netstack
