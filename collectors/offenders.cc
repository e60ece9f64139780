#include "collectors/offenders.h"

#include <arpa/inet.h>

#include <array>

namespace netstack {
namespace {

// By number; 0 is not used.
constexpr std::array<std::string_view, kTcpStates> kTcpStateNames = {
    "",          "established", "syn_sent",   "syn_recv", "fin_wait1", "fin_wait2",
    "time_wait", "close",       "close_wait", "last_ack", "listen",    "closing"};

}  // namespace

std::string_view TcpStateName(std::uint8_t state) {
  return state < kTcpStates ? kTcpStateNames[state] : std::string_view{};
}

std::string AddressText(const Offender& offender, const std::array<std::byte, 16>& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  inet_ntop(offender.ip_version == 6 ? AF_INET6 : AF_INET, address.data(), text.data(),
            text.size());
  return text.data();
}

void OffenderBoard::Publish(const OffenderReport& report) {
  const std::scoped_lock lock(mutex_);
  report_ = report;
  published_ = true;
}

std::optional<OffenderReport> OffenderBoard::Latest() const {
  const std::scoped_lock lock(mutex_);
  if (!published_) return std::nullopt;
  return report_;
}

}  // namespace netstack
