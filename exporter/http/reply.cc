#include "exporter/http/reply.h"

#include <civetweb.h>

#include <algorithm>
#include <ctime>
#include <string_view>

namespace netstack {
namespace {

// The time-out of a write starts anew with each piece.
constexpr std::size_t kPieceBytes = std::size_t{256} * 1024;
// What of the body goes out with the head: a compressed page is one write then, one wake-up of the
// peer, and a large one is not held twice.
constexpr std::size_t kBodyWithHead = std::size_t{32} * 1024;

void AppendHeader(std::string& out, std::string_view name, std::string_view value) {
  const std::size_t start = out.size();
  out.append(name).append(": ").append(value);
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
      [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  out += "\r\n";
}

std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[64];
  const std::size_t size = std::strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text, size};
}

bool Send(mg_connection* connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPieceBytes);
    if (mg_write(connection, piece.data(), piece.size()) != static_cast<int>(piece.size())) {
      return false;
    }
    bytes.remove_prefix(piece.size());
  }
  return true;
}

}  // namespace

std::string StatusText(int status) {
  return std::to_string(status) + " " + mg_get_response_code_text(nullptr, status);
}

std::string ReplyHead(const Response& response) {
  std::string head = "HTTP/1.1 " + StatusText(response.status) + "\r\n";
  AppendHeader(head, "Date", HttpDate());
  AppendHeader(head, "Connection", "close");
  const std::size_t size = response.body ? response.body->size() : 0;
  if (!response.content_type.empty()) AppendHeader(head, "Content-Type", response.content_type);
  AppendHeader(head, "Content-Length", std::to_string(size));
  for (const auto& [name, value] : response.headers) AppendHeader(head, name, value);
  return head + "\r\n";
}

void SendReply(mg_connection* connection, const Response& response, bool head_only) {
  std::string first = ReplyHead(response);
  std::string_view rest;
  if (!head_only && response.body) rest = *response.body;
  first.append(rest.substr(0, kBodyWithHead));
  rest.remove_prefix(std::min(rest.size(), kBodyWithHead));
  if (Send(connection, first)) Send(connection, rest);
}

}  // namespace netstack
