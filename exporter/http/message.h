#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace netstack {

struct HeaderField {
  std::string_view name;
  std::string_view value;
};

// One HTTP request, its headers checked. All views live until the handler returns.
struct Request {
  std::string_view method;  // GET or HEAD: others never reach the handler.
  std::string_view path;    // As sent, undecoded, without the query.
  std::string_view query;   // As sent, without '?'; see ParseQuery.
  std::span<const HeaderField> headers;
  bool peer_is_loopback = false;  // 127.0.0.0/8 or ::1.
  bool peer_is_unix = false;
  bool authenticated = false;  // By password or by a verified client certificate.

  // The first header of that name, ignoring case; empty when there is none.
  std::string_view Header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers = {};  // Such as Content-Encoding.
  std::shared_ptr<const std::string> body =
      nullptr;  // Shared by all who serve the same page; may be null.
};

Response TextResponse(int status, std::string text);

// Called by several threads at once. What it throws becomes a 500.
using Handler = std::function<Response(const Request&)>;

bool EqualIgnoringCase(std::string_view a, std::string_view b);

// What is wrong with a request's headers, as the status to answer with; 0 when nothing is.
// Refused: HTTP/1.1 without exactly one Host, names that are no tokens, Content-Length twice or
// beside Transfer-Encoding, and so many fields that some may have been dropped.
int CheckRequestHeaders(std::string_view http_version, std::span<const HeaderField> headers,
                        std::size_t max_fields);

}  // namespace netstack
