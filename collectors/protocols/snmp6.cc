#include "collectors/protocols/snmp6.h"

#include "kernel/text.h"

namespace netstack::protocols {
namespace {

constexpr std::string_view kPath = "/proc/net/snmp6";

Status AppendField(std::string_view name, std::size_t number, FieldValues& out) {
  if (Status named = CheckName(name, kPath, number); !named) return named;
  const std::size_t six = name.find('6');
  const bool grouped = six != std::string_view::npos && six + 1 < name.size();
  const std::string_view group = grouped ? name.substr(0, six + 1) : "snmp6";
  if (grouped) name.remove_prefix(six + 1);
  out.fields.push_back({.group = std::string(group), .name = std::string(name)});
  return {};
}

Status ParseLine(std::string_view line, std::size_t number, FieldValues& out) {
  std::string_view name;
  std::string_view value;
  NextWord(line, name);
  if (!out.IsHeading(number - 1, name)) {
    out.ForgetFrom(number - 1);
    if (Status field = AppendField(name, number, out); !field) return field;
    out.headings.push_back({.text = std::string(name), .fields = 1});
    ++out.layout;
  }
  if (!NextWord(line, value)) return MalformedAt(kPath, number, "a name without a value", name);
  if (Status read = AppendValue(value, kPath, number, out); !read) return read;
  if (NextWord(line, value)) return MalformedAt(kPath, number, "more than one value", value);
  return {};
}

Status ParseLines(std::string_view text, FieldValues& out) {
  std::string_view line;
  std::size_t number = 0;
  while (NextLine(text, line)) {
    if (Status parsed = ParseLine(line, ++number, out); !parsed) return parsed;
  }
  if (number == 0) return MalformedAt(kPath, 1, "empty", "");
  out.ForgetFrom(number);
  return {};
}

}  // namespace

Status ParseSnmp6(std::string_view text, FieldValues& out) {
  const std::uint64_t layout = out.layout;
  out.values.clear();
  Status parsed = ParseLines(text, out);
  if (parsed && out.layout != layout) parsed = CheckNoFieldTwice(out, kPath);
  if (!parsed) out.ForgetFrom(0);
  return parsed;
}

}  // namespace netstack::protocols
