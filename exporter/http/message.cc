#include "exporter/http/message.h"

#include <algorithm>

namespace netstack {
namespace {

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsTokenChar(char c) {
  const char l = Lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsToken(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), IsTokenChar);
}

bool IsHostChar(char c) {
  const char l = Lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~%!$&'()*+;=:[]").find(c) != std::string_view::npos;
}

std::size_t Count(std::span<const HeaderField> headers, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(),
      [name](const HeaderField& field) { return EqualIgnoringCase(field.name, name); }));
}

}  // namespace

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view Request::Header(std::string_view name) const {
  for (const HeaderField& field : headers) {
    if (EqualIgnoringCase(field.name, name)) return field.value;
  }
  return {};
}

Response TextResponse(int status, std::string text) {
  return {.status = status, .body = std::make_shared<const std::string>(std::move(text))};
}

int CheckRequestHeaders(std::string_view http_version, std::span<const HeaderField> headers,
                        std::size_t max_fields) {
  if (headers.size() >= max_fields) return 431;
  for (const HeaderField& field : headers) {
    if (!IsToken(field.name)) return 400;
    if (EqualIgnoringCase(field.name, "Host") &&
        !std::all_of(field.value.begin(), field.value.end(), IsHostChar)) {
      return 400;
    }
  }
  const std::size_t hosts = Count(headers, "Host");
  if (hosts > 1 || (hosts == 0 && http_version != "1.0")) return 400;
  const std::size_t lengths = Count(headers, "Content-Length");
  const std::size_t encodings = Count(headers, "Transfer-Encoding");
  if (lengths > 1 || encodings > 1 || (lengths > 0 && encodings > 0)) return 400;
  return 0;
}

}  // namespace netstack
