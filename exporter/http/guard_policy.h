#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace netstack {

// What a connection is at, as far as the server knows.
enum class ConnectionPhase {
  kReading,   // Its request is not complete, or it still waits for a worker.
  kHandling,  // Its request is being answered: never the peer's fault.
  kWriting,   // The answer is on its way to the peer.
};

// A connection as the guard sees it at one moment.
struct ConnectionView {
  std::string peer = {};  // Address without port.
  bool is_unix = false;
  ConnectionPhase phase = ConnectionPhase::kReading;
  bool has_unread_input = false;             // It waits for us, not we for it.
  std::chrono::milliseconds age{0};          // Since it was first seen.
  std::chrono::milliseconds stalled_for{0};  // Writing: since the peer last took kProgressBytes.
};

// A peer that is writing has made progress when it took this much.
inline constexpr std::size_t kProgressBytes = 16384;

struct GuardLimits {
  std::size_t pressure_at = 48;  // That many connections at once are a shortage of workers.
  std::size_t hog_at = 8;        // A peer that keeps us waiting with so many is a hog.
  std::chrono::milliseconds reading_deadline{10000};
  std::chrono::milliseconds writing_stall{10000};
  std::chrono::milliseconds unix_deadline{120000};
  // The same two under pressure, for a hog and for others.
  std::chrono::milliseconds hog_patience{200};
  std::chrono::milliseconds patience{1000};
  // While the server stops nobody may begin a request.
  std::chrono::milliseconds draining_patience{100};
};

// The indexes of the connections to shut down now. Whoever waits for us, and whoever is being
// answered, is never among them.
std::vector<std::size_t> ConnectionsToShut(const std::vector<ConnectionView>& connections,
                                           const GuardLimits& limits, bool draining);

}  // namespace netstack
