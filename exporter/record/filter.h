#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "collectors/port_set.h"
#include "exporter/record/connection_name.h"
#include "kernel/result.h"

namespace netstack {

// Which connections a person asked for: by a port and by an address of either end.
class ConnectionFilter {
 public:
  // The items of --ports (80, 8000-8999) and --addresses (192.0.2.1, 2001:db8::1). kInvalid, naming
  // the flag and the item, when one is neither.
  static Result<ConnectionFilter> Make(std::span<const std::string> ports,
                                       std::span<const std::string> addresses);

  // Without a rule of a kind everything passes it. An IPv4 address is also found mapped into IPv6.
  bool Passes(const ConnectionName& connection) const;
  bool is_empty() const { return !has_ports_ && addresses_.empty(); }
  // Those asked for; empty: all.
  std::vector<std::uint16_t> Ports() const;

 private:
  PortSet ports_;
  bool has_ports_ = false;
  std::vector<ConnectionName::Address> addresses_;
};

}  // namespace netstack
