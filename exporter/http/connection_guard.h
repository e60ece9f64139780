#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "exporter/http/guard_policy.h"
#include "exporter/http/log.h"
#include "exporter/http/sockets.h"

namespace netstack {

// Shuts down connections that hold a worker without need. civetweb gives each connection a thread
// and has no limit per peer, so this watches the process's accepted sockets from outside. It sleeps
// while there is no connection.
class ConnectionGuard {
 public:
  ConnectionGuard(std::vector<ListeningSocket> listeners, GuardLimits limits, HttpLog log);
  ~ConnectionGuard();
  ConnectionGuard(const ConnectionGuard&) = delete;
  ConnectionGuard& operator=(const ConnectionGuard&) = delete;

  // Workers say what a TCP connection is at; kReading is where it starts and ends.
  void SetPhase(const std::string& peer_address, int peer_port, ConnectionPhase phase);

  // Ends the watching thread, so that connections stay as they are.
  void StopWatching();

  // Waits until no connection is left or `patience` is over; those without a request are shut.
  // To be called after StopWatching. Returns how many are left.
  std::size_t Drain(std::chrono::milliseconds patience);

 private:
  using Clock = std::chrono::steady_clock;
  using PeerKey = std::pair<std::string, int>;
  struct History {
    Clock::time_point first_seen;
    Clock::time_point progress_at;
    std::uint64_t acknowledged = 0;
    std::uint64_t last_scan = 0;
  };

  void Watch();
  // Looks at all connections once and returns how many there are.
  std::size_t Scan(bool draining);
  ConnectionView View(const AcceptedSocket& socket, Clock::time_point now);
  ConnectionPhase PhaseOf(const PeerKey& key);

  const std::vector<ListeningSocket> listeners_;
  const GuardLimits limits_;
  const HttpLog log_;
  std::mutex phases_mutex_;
  std::map<PeerKey, ConnectionPhase> phases_;
  std::map<std::uint64_t, History> histories_;  // By cookie; of the scanning thread only.
  std::uint64_t scans_ = 0;
  int epoll_fd_ = -1;
  int stop_fd_ = -1;
  std::thread thread_;
};

}  // namespace netstack
