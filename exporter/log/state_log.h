#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "exporter/log/logger.h"

namespace netstack {

// How a subject is doing, in one word of a fixed set, and why.
struct SubjectState {
  std::string_view word;             // "ok", "timeout", "no_permission"...
  bool good = false;                 // Nothing that a person has to look at.
  std::string_view detail = {};      // For people; may differ from time to time.
  LogLevel level = LogLevel::kWarn;  // Of the line, when the state is not good.
};

// Logs how subjects of one kind (collectors, configuration files) are doing, once for each change
// of their state instead of once per scrape. What changes is the word: another detail in the same
// state is no news. A first good state is logged at debug, a return to good at info. All methods
// may be called from any thread; a report of an unchanged state allocates nothing.
class StateLog {
 public:
  // `kind` becomes the key of the subject in the lines: "collector". `logger` must outlive it.
  StateLog(const Logger& logger, std::string_view kind) : logger_(logger), kind_(kind) {}

  void Report(std::string_view subject, const SubjectState& state);

  // The subject is gone; should it come back, it starts anew.
  void Forget(std::string_view subject);

 private:
  const Logger& logger_;
  const std::string kind_;
  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> words_;  // By subject; guarded by mutex_.
};

}  // namespace netstack
