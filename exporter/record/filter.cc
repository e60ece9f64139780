#include "exporter/record/filter.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>

namespace netstack {
namespace {

constexpr std::size_t kMappedAt = 12;  // ::ffff:192.0.2.1 ends in the IPv4 address.

}  // namespace

ConnectionFilter::Address ConnectionFilter::Mapped(std::uint8_t family, const Address& address) {
  if (family != AF_INET) return address;
  Address mapped = {};
  mapped[kMappedAt - 2] = mapped[kMappedAt - 1] = std::byte{0xff};
  std::copy_n(address.begin(), 4, mapped.begin() + kMappedAt);
  return mapped;
}

Result<ConnectionFilter> ConnectionFilter::Make(std::span<const std::string> ports,
                                                std::span<const std::string> addresses) {
  ConnectionFilter filter;
  filter.has_ports_ = !ports.empty();
  if (Status added = filter.ports_.Add(ports, "--ports"); !added) return added.error();
  for (const std::string& text : addresses) {
    Address address = {};
    const bool is_ipv6 = inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
    if (!is_ipv6 && inet_pton(AF_INET, text.c_str(), address.data()) != 1) {
      return Error{.kind = ErrorKind::kInvalid,
                   .path = "--addresses",
                   .what = "not an IP address: '" + text + "'"};
    }
    filter.addresses_.push_back(Mapped(is_ipv6 ? AF_INET6 : AF_INET, address));
  }
  return filter;
}

bool ConnectionFilter::HasAddress(const InetSocket& socket) const {
  const auto has = [&](const Address& address) {
    return std::ranges::find(addresses_, Mapped(socket.family, address)) != addresses_.end();
  };
  return has(socket.local_address) || has(socket.remote_address);
}

bool ConnectionFilter::Passes(const InetSocket& socket) const {
  if (has_ports_ && !ports_.Has(socket.local_port) && !ports_.Has(socket.remote_port)) return false;
  return addresses_.empty() || HasAddress(socket);
}

}  // namespace netstack
