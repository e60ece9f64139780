#include "exporter/http/guard_policy.h"

#include <map>
#include <string_view>

namespace netstack {
namespace {

using std::chrono::milliseconds;

// How long we have been waiting for the peer; 0 when we are not.
milliseconds WaitedFor(const ConnectionView& c) {
  if (c.phase == ConnectionPhase::kReading && !c.has_unread_input) return c.age;
  if (c.phase == ConnectionPhase::kWriting) return c.stalled_for;
  return milliseconds(0);
}

milliseconds Patience(const ConnectionView& c, const GuardLimits& limits, bool pressure, bool hog,
                      bool draining) {
  const bool reading = c.phase == ConnectionPhase::kReading;
  if (draining && reading) return limits.draining_patience;
  if (pressure) return hog ? limits.hog_patience : limits.patience;
  return reading ? limits.reading_deadline : limits.writing_stall;
}

}  // namespace

std::vector<std::size_t> ConnectionsToShut(const std::vector<ConnectionView>& connections,
                                           const GuardLimits& limits, bool draining) {
  std::map<std::string_view, std::size_t> waiting_for;
  for (const ConnectionView& c : connections) {
    if (!c.is_unix && WaitedFor(c) > milliseconds(0)) ++waiting_for[c.peer];
  }
  const bool pressure = connections.size() >= limits.pressure_at;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < connections.size(); ++i) {
    const ConnectionView& c = connections[i];
    if (c.is_unix) {
      // Unix peers have no address, so the phase of each is unknown.
      if (c.age > limits.unix_deadline) chosen.push_back(i);
      continue;
    }
    const bool hog = waiting_for[c.peer] >= limits.hog_at;
    if (WaitedFor(c) > Patience(c, limits, pressure, hog, draining)) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace netstack
