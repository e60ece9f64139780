#include "collectors/protocols/field_values.h"

#include <algorithm>
#include <tuple>

#include "kernel/text.h"

namespace netstack::protocols {
namespace {

constexpr std::size_t kLongestName = 64;

bool IsNameByte(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

bool FieldValues::IsHeading(std::size_t index, std::string_view text) const {
  return index < headings.size() && headings[index].text == text;
}

void FieldValues::ForgetFrom(std::size_t index) {
  if (index >= headings.size()) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < index; ++i) kept += headings[i].fields;
  headings.resize(index);
  fields.resize(kept);
  ++layout;
}

Status AppendValue(std::string_view word, std::string_view path, std::size_t line,
                   FieldValues& out) {
  if (const auto value = ParseDecimal(word)) {
    out.values.push_back({.bits = *value});
    return {};
  }
  const auto value = ParseSigned(word);
  if (!value || *value >= 0) return MalformedAt(path, line, "not a number of 64 bits", word);
  out.values.push_back({.bits = static_cast<std::uint64_t>(*value), .negative = true});
  return {};
}

Status CheckName(std::string_view name, std::string_view path, std::size_t line) {
  if (name.empty() || name.size() > kLongestName || !std::ranges::all_of(name, IsNameByte)) {
    return MalformedAt(path, line, "not a name", name);
  }
  return {};
}

Status CheckNoFieldTwice(const FieldValues& parsed, std::string_view path) {
  std::vector<const Field*> sorted;
  sorted.reserve(parsed.fields.size());
  for (const Field& field : parsed.fields) sorted.push_back(&field);
  const auto key = [](const Field* field) { return std::tie(field->group, field->name); };
  std::ranges::sort(sorted, {}, key);
  const auto twice = std::ranges::adjacent_find(sorted, {}, key);
  if (twice == sorted.end()) return {};
  return MalformedAt(path, 0, "a field twice", (*twice)->group + " " + (*twice)->name);
}

}  // namespace netstack::protocols
