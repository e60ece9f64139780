#include "exporter/log/logger.h"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

namespace netstack {

void FdLogSink::Write(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = write(fd_, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

Logger::Logger(LogSink& sink, LogLevel level, LogFormat format, Clock clock)
    : sink_(sink), level_(level), format_(format), clock_(std::move(clock)) {}

void Logger::Configure(LogLevel level, LogFormat format) {
  level_.store(level, std::memory_order_relaxed);
  format_.store(format, std::memory_order_relaxed);
}

void Logger::Log(LogLevel level, std::string_view message, std::span<const LogField> fields) const {
  if (!Enabled(level)) return;
  const LogRecord record{.time = clock_(), .level = level, .message = message, .fields = fields};
  std::string line;
  if (format_.load(std::memory_order_relaxed) == LogFormat::kJson) {
    AppendJson(record, line);
  } else {
    AppendLogfmt(record, line);
  }
  sink_.Write(line);
}

}  // namespace netstack
