#include "exporter/record/filter.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>

namespace netstack {
Result<ConnectionFilter> ConnectionFilter::Make(std::span<const std::string> ports,
                                                std::span<const std::string> addresses) {
  ConnectionFilter filter;
  filter.has_ports_ = !ports.empty();
  if (Status added = filter.ports_.Add(ports, "--ports"); !added) return added.error();
  for (const std::string& text : addresses) {
    ConnectionName::Address address = {};
    const bool is_ipv6 = inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
    if (!is_ipv6 && inet_pton(AF_INET, text.c_str(), address.data()) != 1) {
      return Error{.kind = ErrorKind::kInvalid,
                   .path = "--addresses",
                   .what = "not an IP address: '" + text + "'"};
    }
    filter.addresses_.push_back(ConnectionName::Mapped(is_ipv6 ? AF_INET6 : AF_INET, address));
  }
  return filter;
}

bool ConnectionFilter::Passes(const ConnectionName& connection) const {
  if (has_ports_ && !ports_.Has(connection.local_port) && !ports_.Has(connection.remote_port)) {
    return false;
  }
  const auto is_wanted = [&](const ConnectionName::Address& address) {
    return std::ranges::find(addresses_, address) != addresses_.end();
  };
  return addresses_.empty() || is_wanted(connection.local_address) ||
         is_wanted(connection.remote_address);
}

std::vector<std::uint16_t> ConnectionFilter::Ports() const {
  std::vector<std::uint16_t> ports;
  for (unsigned port = 0; port <= 65535; ++port) {
    const auto number = static_cast<std::uint16_t>(port);
    if (has_ports_ && ports_.Has(number)) ports.push_back(number);
  }
  return ports;
}

}  // namespace netstack
