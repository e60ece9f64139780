#include "exporter/http/connection_guard.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace netstack {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr milliseconds kTick{100};
constexpr milliseconds kDrainTick{10};

void Control(int epoll_fd, int operation, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  (void)epoll_ctl(epoll_fd, operation, fd, &event);
}

// An arrival wakes us once; those that come while we look anyway need not. Accepting is the
// server's business.
constexpr std::uint32_t kArrival = EPOLLIN | EPOLLONESHOT;

}  // namespace

ConnectionGuard::ConnectionGuard(std::vector<ListeningSocket> listeners, GuardLimits limits,
                                 HttpLog log)
    : listeners_(std::move(listeners)),
      limits_(limits),
      log_(std::move(log)),
      epoll_fd_(epoll_create1(EPOLL_CLOEXEC)),
      stop_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  Control(epoll_fd_, EPOLL_CTL_ADD, stop_fd_, EPOLLIN);
  for (const ListeningSocket& listener : listeners_) {
    Control(epoll_fd_, EPOLL_CTL_ADD, listener.fd, kArrival);
  }
  thread_ = std::thread(&ConnectionGuard::Watch, this);
}

ConnectionGuard::~ConnectionGuard() {
  StopWatching();
  close(epoll_fd_);
  close(stop_fd_);
}

void ConnectionGuard::StopWatching() {
  if (!thread_.joinable()) return;
  (void)eventfd_write(stop_fd_, 1);
  thread_.join();
}

void ConnectionGuard::SetPhase(const std::string& peer_address, int peer_port,
                               ConnectionPhase phase) {
  const std::lock_guard lock(phases_mutex_);
  if (phase == ConnectionPhase::kReading) {
    phases_.erase({peer_address, peer_port});
  } else {
    phases_[{peer_address, peer_port}] = phase;
  }
}

void ConnectionGuard::Watch() {
  bool active = false;
  Clock::time_point next_scan;
  for (;;) {
    const auto wait =
        std::max(milliseconds(0), duration_cast<milliseconds>(next_scan - Clock::now()));
    epoll_event events[8];
    const int n =
        epoll_wait(epoll_fd_, events, 8, active ? static_cast<int>(wait.count()) + 1 : -1);
    if (std::any_of(events, events + std::max(n, 0),
                    [this](const epoll_event& e) { return e.data.fd == stop_fd_; })) {
      return;
    }
    const Clock::time_point now = Clock::now();
    if (!active) {
      active = true;
      next_scan = now + kTick;
    } else if (now >= next_scan) {
      // Before the scan, so that a connection is either seen by it or wakes us.
      for (const ListeningSocket& listener : listeners_) {
        Control(epoll_fd_, EPOLL_CTL_MOD, listener.fd, kArrival);
      }
      active = Scan(false) > 0;
      next_scan = now + kTick;
    }
  }
}

std::size_t ConnectionGuard::Drain(milliseconds patience) {
  const Clock::time_point deadline = Clock::now() + patience;
  std::size_t open = Scan(true);
  while (open > 0 && Clock::now() < deadline) {
    std::this_thread::sleep_for(kDrainTick);
    open = Scan(true);
  }
  return open;
}

std::size_t ConnectionGuard::Scan(bool draining) {
  const std::vector<AcceptedSocket> sockets = FindAcceptedSockets(listeners_);
  const Clock::time_point now = Clock::now();
  ++scans_;
  std::vector<ConnectionView> views;
  views.reserve(sockets.size());
  for (const AcceptedSocket& socket : sockets) views.push_back(View(socket, now));
  std::erase_if(histories_, [this](const auto& h) { return h.second.last_scan != scans_; });
  const std::vector<std::size_t> chosen = ConnectionsToShut(views, limits_, draining);
  for (const std::size_t i : chosen) sockets[i].Shutdown();
  if (!chosen.empty() && log_) {
    log_(HttpLogLevel::kDebug, "shut " + std::to_string(chosen.size()) + " of " +
                                   std::to_string(views.size()) + " connections, first of " +
                                   views[chosen.front()].peer);
  }
  return sockets.size();
}

ConnectionView ConnectionGuard::View(const AcceptedSocket& socket, Clock::time_point now) {
  const auto [entry, is_new] = histories_.try_emplace(socket.cookie());
  History& history = entry->second;
  const std::uint64_t acknowledged = socket.bytes_acknowledged();
  if (is_new) history.first_seen = history.progress_at = now;
  const PeerKey key{socket.peer_address(), socket.peer_port()};
  const ConnectionPhase phase = PhaseOf(key);
  if (phase != ConnectionPhase::kWriting || acknowledged >= history.acknowledged + kProgressBytes) {
    history.progress_at = now;
    history.acknowledged = acknowledged;
  }
  history.last_scan = scans_;
  return {.peer = key.first,
          .is_unix = socket.is_unix(),
          .phase = phase,
          .has_unread_input = socket.has_unread_input(),
          .age = duration_cast<milliseconds>(now - history.first_seen),
          .stalled_for = duration_cast<milliseconds>(now - history.progress_at)};
}

ConnectionPhase ConnectionGuard::PhaseOf(const PeerKey& key) {
  const std::lock_guard lock(phases_mutex_);
  const auto found = phases_.find(key);
  return found == phases_.end() ? ConnectionPhase::kReading : found->second;
}

}  // namespace netstack
