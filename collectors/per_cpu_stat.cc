#include "collectors/per_cpu_stat.h"

#include "kernel/text.h"

namespace netstack {
namespace {

constexpr std::string_view kTotal = "entries";

void ParseHeader(std::string_view line, PerCpuStat& out) {
  std::size_t count = 0;
  std::string_view word;
  while (NextWord(line, word)) {
    if (count == out.columns.size()) out.columns.emplace_back();
    out.columns[count].name = word;
    out.columns[count].sum = 0;
    ++count;
  }
  out.columns.resize(count);
}

Status AddLine(std::string_view line, std::string_view path, std::size_t number, PerCpuStat& out) {
  std::size_t count = 0;
  std::string_view word;
  while (NextWord(line, word)) {
    const auto value = ParseHex(word);
    if (!value) return MalformedAt(path, number, "not a hex number", word);
    if (count == out.columns.size())
      return MalformedAt(path, number, "more columns than names", word);
    PerCpuStat::Column& column = out.columns[count++];
    if (column.name == kTotal) {
      column.sum = *value;
    } else {
      column.sum += *value;
    }
  }
  if (count != out.columns.size()) {
    return MalformedAt(path, number, "fewer columns than names", std::to_string(count));
  }
  return {};
}

}  // namespace

std::optional<std::uint64_t> PerCpuStat::Sum(std::string_view name) const {
  for (const Column& column : columns) {
    if (column.name == name) return column.sum;
  }
  return std::nullopt;
}

Status ParsePerCpuStat(std::string_view text, std::string_view path, PerCpuStat& out) {
  std::string_view line;
  if (!NextLine(text, line)) return MalformedAt(path, 1, "empty", "");
  ParseHeader(line, out);
  std::size_t number = 1;
  while (NextLine(text, line)) {
    ++number;
    if (Status added = AddLine(line, path, number, out); !added) return added;
  }
  if (number == 1) return MalformedAt(path, 1, "names without numbers", line);
  return {};
}

}  // namespace netstack
