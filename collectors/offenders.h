#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace netstack {

inline constexpr std::size_t kTcpStates = 12;  // TCP_ESTABLISHED is 1, TCP_CLOSING 11.

// TCP_ESTABLISHED is "established"...; empty for 0.
std::string_view TcpStateName(std::uint8_t state);

// One of the TCP connections with the most bytes in a queue. It has the address of a peer: who may
// see that is said by exporter/http/shown_addresses.h.
struct Offender {
  std::uint8_t ip_version = 4;
  std::uint8_t state = 0;                        // TCP_ESTABLISHED...; see TcpStateName.
  std::array<std::byte, 16> local_address = {};  // In network byte order; IPv4 fills the first 4.
  std::array<std::byte, 16> remote_address = {};
  std::uint16_t local_port = 0;
  std::uint16_t remote_port = 0;
  std::uint32_t queued = 0;  // Bytes unread; or not yet sent or not yet acknowledged.
  std::uint32_t memory = 0;  // Bytes charged to that buffer, with overhead...
  std::uint32_t limit = 0;   // ...of at most these.
  std::uint32_t rtt_us = 0;  // Smoothed round trip time; 0 before the first measurement.
  bool operator==(const Offender&) const = default;
};

// One of its two addresses, as text and without the port.
std::string AddressText(const Offender& offender, const std::array<std::byte, 16>& address);

// What a walk found, for the live page, /api/v1/sockets and the doctor; never series.
struct OffenderReport {
  std::chrono::steady_clock::time_point at = {};  // When the walk ended.
  std::uint64_t sockets = 0;                      // That it saw.
  bool truncated = false;                         // It did not see all.
  std::vector<Offender> receive = {};             // Most unread bytes first.
  std::vector<Offender> transmit = {};            // Most unsent and unacknowledged bytes first.
};

// The report of the last walk. Any number of threads.
class OffenderBoard {
 public:
  // Copies `report`; keeps its memory.
  void Publish(const OffenderReport& report);
  // Nothing before the first walk.
  std::optional<OffenderReport> Latest() const;

 private:
  mutable std::mutex mutex_;
  bool published_ = false;
  OffenderReport report_;
};

// A collector that keeps such a board.
class OffenderSource {
 public:
  virtual ~OffenderSource() = default;
  // May outlive the collector. Never null.
  virtual std::shared_ptr<const OffenderBoard> offenders() const = 0;
};

}  // namespace netstack
