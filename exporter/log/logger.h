#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <initializer_list>
#include <span>
#include <string_view>

#include "exporter/log/line.h"

namespace netstack {

// Where log lines go. Write gets one whole line with its newline, from any thread, and must not
// throw.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void Write(std::string_view line) = 0;
};

// Writes each line to a file descriptor with one write(2), so that lines of several threads never
// mix. Does not own the descriptor. A line that cannot be written is lost: there is nobody to tell.
class FdLogSink : public LogSink {
 public:
  explicit FdLogSink(int fd) : fd_(fd) {}
  void Write(std::string_view line) override;

 private:
  int fd_;
};

// Structured log, logfmt or JSON. All methods may be called from any thread.
class Logger {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;
  using Fields = std::initializer_list<LogField>;

  // `sink` must outlive the logger.
  explicit Logger(LogSink& sink, LogLevel level = LogLevel::kInfo,
                  LogFormat format = LogFormat::kLogfmt,
                  Clock clock = std::chrono::system_clock::now);

  void Debug(std::string_view message, Fields fields = {}) const {
    Log(LogLevel::kDebug, message, std::span(fields.begin(), fields.size()));
  }
  void Info(std::string_view message, Fields fields = {}) const {
    Log(LogLevel::kInfo, message, std::span(fields.begin(), fields.size()));
  }
  void Warn(std::string_view message, Fields fields = {}) const {
    Log(LogLevel::kWarn, message, std::span(fields.begin(), fields.size()));
  }
  void Error(std::string_view message, Fields fields = {}) const {
    Log(LogLevel::kError, message, std::span(fields.begin(), fields.size()));
  }
  void Log(LogLevel level, std::string_view message, std::span<const LogField> fields) const;

  // Whether a message of that level would be written: for messages that cost something to make.
  bool Enabled(LogLevel level) const { return level >= level_.load(std::memory_order_relaxed); }

  // For a reload of the configuration.
  void Configure(LogLevel level, LogFormat format);

 private:
  LogSink& sink_;
  std::atomic<LogLevel> level_;
  std::atomic<LogFormat> format_;
  Clock clock_;
};

}  // namespace netstack
