#include "collectors/softnet/softnet_stat.h"

#include <array>

#include "kernel/cpu_list.h"
#include "kernel/text.h"

namespace netstack::softnet {
namespace {

constexpr std::string_view kPath = "/proc/net/softnet_stat";
constexpr std::size_t kFewestColumns = 9;
constexpr std::size_t kMostColumns = 15;  // Later ones are not known and not read.

struct Columns {
  std::array<std::uint32_t, kMostColumns> value = {};
  std::size_t count = 0;
};

Status ParseLine(std::string_view line, std::size_t number, Columns& out) {
  out.count = 0;
  std::string_view word;
  while (NextWord(line, word)) {
    const auto value = ParseHex(word);
    if (!value || *value > UINT32_MAX) {
      return MalformedAt(kPath, number, "not a 32-bit hex number", word);
    }
    if (out.count < kMostColumns) out.value[out.count++] = static_cast<std::uint32_t>(*value);
  }
  if (out.count < kFewestColumns) {
    return MalformedAt(kPath, number, "fewer than 9 columns", std::to_string(out.count));
  }
  return {};
}

CpuSoftnet FromColumns(const Columns& columns) {
  const auto at = [&](std::size_t column) { return columns.value[column - 1]; };
  const auto optional_at = [&](std::size_t column) -> std::optional<std::uint32_t> {
    if (columns.count < column) return std::nullopt;
    return at(column);
  };
  return {.processed = at(1),
          .dropped = at(2),
          .time_squeeze = at(3),
          .received_rps = optional_at(10).value_or(0),
          .flow_limit = optional_at(11),
          .backlog = optional_at(12),
          .input_queue = optional_at(14),
          .process_queue = optional_at(15)};
}

}  // namespace

Status ParseSoftnetStat(std::string_view text, std::string_view online, SoftnetStat& out) {
  out.cpus.clear();
  CpuList cpus(online);
  std::string_view line;
  std::size_t number = 0;
  Columns columns;
  while (NextLine(text, line)) {
    ++number;
    if (Status parsed = ParseLine(line, number, columns); !parsed) return parsed;
    CpuSoftnet cpu = FromColumns(columns);
    const auto listed = cpus.Next();
    // Column 13 is the CPU's number since Linux 5.10.
    cpu.cpu = columns.count >= 13 ? columns.value[12]
                                  : listed.value_or(static_cast<std::uint32_t>(number - 1));
    // The kernel goes through them in order. One that came twice would be two samples of a name.
    if (!out.cpus.empty() && cpu.cpu <= out.cpus.back().cpu) {
      return MalformedAt(kPath, number, "a CPU out of order", std::to_string(cpu.cpu));
    }
    out.cpus.push_back(cpu);
  }
  if (number == 0) return MalformedAt(kPath, 1, "empty, but a CPU is online", "");
  return {};
}

}  // namespace netstack::softnet
