#include "exporter/log/line.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "config/utf8.h"

namespace netstack {
namespace {

constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warn", "error"};

void AppendTime(std::chrono::system_clock::time_point time, std::string& out) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  const std::time_t unix_time = std::chrono::system_clock::to_time_t(seconds);
  std::tm utc{};
  gmtime_r(&unix_time, &utc);
  char text[80];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                static_cast<int>((milliseconds - seconds).count()));
  out += text;
}

// The escapes that logfmt and JSON share.
std::string_view ShortEscape(char32_t c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return "";
  }
}

// In quotes. A byte that is not UTF-8 becomes U+FFFD, in either format.
void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const Utf8Character c = FirstUtf8Character(text);
    const char32_t value = c.valid ? c.value : 0xfffd;
    const std::string_view escape = ShortEscape(value);
    if (!escape.empty()) {
      out += escape;
    } else if (!c.valid || IsControlCharacter(value)) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(value) & 0xffffU);
      out += escaped;
    } else {
      out += text.substr(0, c.length);
    }
    text.remove_prefix(c.length);
  }
  out += '"';
}

bool IsPlain(std::string_view text) {
  for (const char c : text) {
    const bool graphic = c > ' ' && c < 0x7f;
    if (!graphic || c == '"' || c == '=' || c == '\\') return false;
  }
  return !text.empty();
}

void AppendText(std::string_view text, std::string& out) {
  if (!IsPlain(text)) return AppendQuoted(text, out);
  out += text;
}

template <class Number>
void AppendNumber(Number number, std::string& out) {
  char text[32];
  const auto [end, status] = std::to_chars(text, text + sizeof text, number);
  out.append(text, end);
}

// Everything but texts; JSON has no word for numbers that are none.
struct AppendScalar {
  std::string& out;
  bool json;

  void operator()(std::string_view text) const {
    json ? AppendQuoted(text, out) : AppendText(text, out);
  }
  void operator()(bool truth) const { out += truth ? "true" : "false"; }
  void operator()(std::int64_t number) const { AppendNumber(number, out); }
  void operator()(std::uint64_t number) const { AppendNumber(number, out); }
  void operator()(double number) const {
    if (json && !std::isfinite(number)) out += '"';
    AppendNumber(number, out);
    if (json && !std::isfinite(number)) out += '"';
  }
};

// Keys are written by programmers, so this is a net below the rope: what logfmt would take for the
// end of a key becomes '_'.
void AppendKey(std::string_view key, std::string& out) {
  for (const char c : key) out += IsPlain({&c, 1}) ? c : '_';
}

}  // namespace

void AppendLogfmt(const LogRecord& record, std::string& out) {
  out += "ts=";
  AppendTime(record.time, out);
  out.append(" level=").append(kLevels[static_cast<std::size_t>(record.level)]).append(" msg=");
  AppendText(record.message, out);
  for (const LogField& field : record.fields) {
    out += ' ';
    AppendKey(field.key, out);
    out += '=';
    std::visit(AppendScalar{.out = out, .json = false}, field.value);
  }
  out += '\n';
}

void AppendJson(const LogRecord& record, std::string& out) {
  out += "{\"ts\":\"";
  AppendTime(record.time, out);
  out.append("\",\"level\":\"").append(kLevels[static_cast<std::size_t>(record.level)]);
  out += "\",\"msg\":";
  AppendQuoted(record.message, out);
  for (const LogField& field : record.fields) {
    out += ',';
    AppendQuoted(field.key, out);
    out += ':';
    std::visit(AppendScalar{.out = out, .json = true}, field.value);
  }
  out += "}\n";
}

}  // namespace netstack
