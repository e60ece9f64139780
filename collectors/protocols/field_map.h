#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace netstack::protocols {

// Where a field of the kernel belongs.
struct FieldMatch {
  std::size_t family = 0;            // Position in kFamilies.
  std::string_view ip_version = {};  // "4" or "6".
  std::string_view icmp_type = {};   // The number at the end of InType3; part of the name given.
  bool operator==(const FieldMatch&) const = default;
};

// Finds the family of a field by the kernel's names: group "Udp6", name "InErrors". nullopt: this
// program does not know it.
std::optional<FieldMatch> FindField(std::string_view group, std::string_view name);

}  // namespace netstack::protocols
