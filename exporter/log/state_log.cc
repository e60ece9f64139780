#include "exporter/log/state_log.h"

#include <array>
#include <utility>

namespace netstack {

void StateLog::Report(std::string_view subject, const SubjectState& state) {
  // Held while logging, so that the lines of one subject stand in the order of its states.
  const std::lock_guard lock(mutex_);
  auto known = words_.find(subject);
  const bool first = known == words_.end();
  if (first) known = words_.emplace(subject, "unknown").first;
  if (known->second == state.word) return;
  const std::string before = std::exchange(known->second, std::string(state.word));
  const LogLevel good_level = first ? LogLevel::kDebug : LogLevel::kInfo;
  const std::array<LogField, 4> fields = {LogField(kind_, subject), LogField("state", state.word),
                                          LogField("before", before),
                                          LogField("detail", state.detail)};
  logger_.Log(state.good ? good_level : state.level, "State changed",
              std::span(fields).first(state.detail.empty() ? 3 : 4));
}

void StateLog::Forget(std::string_view subject) {
  const std::lock_guard lock(mutex_);
  const auto known = words_.find(subject);
  if (known != words_.end()) words_.erase(known);
}

}  // namespace netstack
