#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/log_level.h"

namespace netstack {

// A key and its value in a log line. Texts are not copied: the field lives as long as the call that
// logs it.
struct LogField {
  std::string_view key;
  std::variant<std::string_view, bool, std::int64_t, std::uint64_t, double> value;

  LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
  LogField(std::string_view name, const std::string& text)
      : key(name), value(std::string_view(text)) {}
  LogField(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
  LogField(std::string_view name, bool truth) : key(name), value(truth) {}
  LogField(std::string_view name, std::floating_point auto number)
      : key(name), value(static_cast<double>(number)) {}
  LogField(std::string_view name, std::signed_integral auto number)
      : key(name), value(static_cast<std::int64_t>(number)) {}
  LogField(std::string_view name, std::unsigned_integral auto number)
      : key(name), value(static_cast<std::uint64_t>(number)) {}
};

struct LogRecord {
  std::chrono::system_clock::time_point time;
  LogLevel level = LogLevel::kInfo;
  std::string_view message;
  std::span<const LogField> fields;
};

// Append one line with its newline to `out`. Whatever the texts hold, it stays one line: control
// characters and bytes that are not UTF-8 are escaped, and what is not plain is quoted.
//   ts=2026-11-22T03:35:50.873Z level=info msg="Listening on" address=[::]:10417
void AppendLogfmt(const LogRecord& record, std::string& out);
//   {"ts":"2026-11-22T03:35:50.873Z","level":"info","msg":"Listening on","address":"[::]:10417"}
void AppendJson(const LogRecord& record, std::string& out);

}  // namespace netstack
