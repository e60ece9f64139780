#include "exporter/http/shown_addresses.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace netstack {
namespace {

// Headers that proxies add.
constexpr std::array<std::string_view, 4> kForwarding = {"Forwarded", "X-Forwarded-For",
                                                         "X-Real-IP", "Via"};

bool IsForwarded(const Request& request) {
  return std::ranges::any_of(request.headers, [](const HeaderField& field) {
    return std::ranges::any_of(
        kForwarding, [&](std::string_view name) { return EqualIgnoringCase(field.name, name); });
  });
}

}  // namespace

bool MayShowAddresses(const Request& request, bool always) {
  if (always || request.authenticated) return true;
  return (request.peer_is_loopback || request.peer_is_unix) && !IsForwarded(request);
}

Response AddressesRefused() {
  return TextResponse(403,
                      "Addresses of sockets are shown over loopback, over a unix socket and to "
                      "clients that have authenticated themselves. Start the exporter with "
                      "--web.show-sockets to show them to everybody who can reach it.\n");
}

}  // namespace netstack
