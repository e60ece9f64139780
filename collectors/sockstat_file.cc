#include "collectors/sockstat_file.h"

#include <array>

#include "kernel/text.h"

namespace netstack {
namespace {

struct Row {
  std::string_view group;  // Without the 6 of sockstat6.
  std::string_view name;
  Sockstat::Value Sockstat::*value;
};

constexpr auto kRows = std::to_array<Row>({
    {"sockets", "used", &Sockstat::sockets_used},
    {"TCP", "inuse", &Sockstat::tcp_inuse},
    {"TCP", "orphan", &Sockstat::tcp_orphan},
    {"TCP", "tw", &Sockstat::tcp_time_wait},
    {"TCP", "alloc", &Sockstat::tcp_allocated},
    {"TCP", "mem", &Sockstat::tcp_memory},
    {"UDP", "inuse", &Sockstat::udp_inuse},
    {"UDP", "mem", &Sockstat::udp_memory},
    {"UDPLITE", "inuse", &Sockstat::udp_lite_inuse},
    {"RAW", "inuse", &Sockstat::raw_inuse},
    {"FRAG", "inuse", &Sockstat::frag_inuse},
    {"FRAG", "memory", &Sockstat::frag_memory},
});

Sockstat::Value* Find(std::string_view group, std::string_view name, Sockstat& out) {
  for (const Row& row : kRows) {
    if (row.group == group && row.name == name) return &(out.*row.value);
  }
  return nullptr;
}

Status ParseLine(std::string_view line, std::string_view path, std::size_t number, Sockstat& out) {
  std::string_view group;
  NextWord(line, group);
  if (!group.ends_with(':')) {
    return MalformedAt(path, number, "no group at the start of a line", group);
  }
  group.remove_suffix(1);
  if (group.ends_with('6')) group.remove_suffix(1);
  std::string_view name;
  std::string_view word;
  while (NextWord(line, name)) {
    if (!NextWord(line, word)) return MalformedAt(path, number, "a name without a value", name);
    const auto value = ParseDecimal(word);
    if (!value) return MalformedAt(path, number, "not a count", word);
    if (Sockstat::Value* const known = Find(group, name, out)) *known = value;
  }
  return {};
}

}  // namespace

Status ParseSockstat(std::string_view text, std::string_view path, Sockstat& out) {
  out = {};
  std::string_view line;
  std::size_t number = 0;
  while (NextLine(text, line)) {
    if (Status parsed = ParseLine(line, path, ++number, out); !parsed) return parsed;
  }
  if (out == Sockstat{}) return MalformedAt(path, 1, "nothing known in it", line);
  return {};
}

}  // namespace netstack
