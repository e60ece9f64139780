#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <string>

#include "kernel/result.h"

namespace netstack {

// A set of port numbers as people list them: "80", "8000-8999".
class PortSet {
 public:
  bool Has(std::uint16_t port) const { return ports_[port]; }
  bool empty() const { return ports_.none(); }

  // Adds what `items` say. kInvalid, naming `option` and the item, when one is not a port or range.
  Status Add(std::span<const std::string> items, std::string_view option);

 private:
  std::bitset<65536> ports_;
};

}  // namespace netstack
