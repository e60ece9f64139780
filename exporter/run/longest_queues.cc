#include "exporter/run/longest_queues.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

namespace netstack {
namespace {

constexpr std::size_t kMost = 3;

std::string End(const Offender& offender, const std::array<std::byte, 16>& address,
                std::uint16_t port) {
  const std::string host = AddressText(offender, address);
  return (offender.ip_version == 6 ? "[" + host + "]:" : host + ":") + std::to_string(port);
}

void Add(std::span<const Offender> offenders, bool is_receive, std::vector<LongQueue>& out) {
  for (const Offender& offender : offenders.first(std::min(kMost, offenders.size()))) {
    if (offender.queued == 0) return;
    out.push_back({.is_receive = is_receive,
                   .local = End(offender, offender.local_address, offender.local_port),
                   .remote = End(offender, offender.remote_address, offender.remote_port),
                   .state = std::string(TcpStateName(offender.state)),
                   .queued = static_cast<double>(offender.queued),
                   .memory = static_cast<double>(offender.memory),
                   .limit = static_cast<double>(offender.limit)});
  }
}

}  // namespace

std::vector<LongQueue> LongestQueues(const OffenderReport& report) {
  std::vector<LongQueue> longest;
  Add(report.receive, true, longest);
  Add(report.transmit, false, longest);
  return longest;
}

}  // namespace netstack
