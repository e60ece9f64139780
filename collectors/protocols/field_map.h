#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/family.h"

namespace netstack::protocols {

// Where a field of the kernel belongs.
struct FieldMatch {
  std::size_t family = 0;            // Position in the table.
  std::string_view ip_version = {};  // "4" or "6".
  std::string_view icmp_type = {};   // The number at the end of InType3; part of the name given.
  bool operator==(const FieldMatch&) const = default;
};

// Finds the family of a field by the kernel's names. The rows are read off the `source` of the
// families, so that what the reference says and what the program does are one; the form is told in
// families.h.
class FieldMap {
 public:
  // `families` must outlive the object.
  explicit FieldMap(std::span<const Family> families);

  // group "Udp6", name "InErrors". nullopt: no family has this field.
  std::optional<FieldMatch> Find(std::string_view group, std::string_view name) const;

 private:
  struct Row {
    std::string_view group;
    std::string_view name;
    std::size_t family = 0;
  };
  const Row* FindRow(std::string_view group, std::string_view name) const;

  std::vector<Row> rows_;  // Sorted by group and name.
};

}  // namespace netstack::protocols
