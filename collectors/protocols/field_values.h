#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result.h"

namespace netstack::protocols {

// A field as the kernel names it: group "Tcp", name "InSegs". IPv6 groups end in 6: "Udp6".
struct Field {
  std::string group;
  std::string name;
  bool operator==(const Field&) const = default;
};

// One number. All are 64 bits in the kernel and may wrap; MaxConn is the one that is printed with
// a sign.
struct FieldValue {
  std::uint64_t bits = 0;  // Two's complement if negative.
  bool negative = false;
  bool operator==(const FieldValue&) const = default;
};

// The numbers of one file in its order, and the names they stand under. Names change rarely, so a
// parser leaves `fields` alone as long as the bytes that name them are those of the round before.
struct FieldValues {
  // The bytes that named the next `fields` fields, as last seen.
  struct Heading {
    std::string text;
    std::size_t fields = 0;
  };

  std::vector<Field> fields;
  std::vector<FieldValue> values;  // As many as fields.
  std::uint64_t layout = 0;        // Grows whenever `fields` changes.
  std::vector<Heading> headings;   // The parser's memory.

  // True if `text` is what heading number `index` held.
  bool IsHeading(std::size_t index, std::string_view text) const;
  // Drops heading `index` and all that follow, with their fields.
  void ForgetFrom(std::size_t index);
};

// Parses a number as these files print it and appends it.
Status AppendValue(std::string_view word, std::string_view path, std::size_t line,
                   FieldValues& out);

// Fails if `name` cannot be one of the kernel's: letters, digits and underscores, at most 64.
Status CheckName(std::string_view name, std::string_view path, std::size_t line);

// Fails if a field stands twice in the file: its series would be there twice.
Status CheckNoFieldTwice(const FieldValues& parsed, std::string_view path);

}  // namespace netstack::protocols
