#include "collectors/softnet/softirqs.h"

#include "kernel/text.h"

namespace netstack::softnet {
namespace {

constexpr std::string_view kPath = "/proc/softirqs";

Status ParseHeader(std::string_view line, Softirqs& out) {
  std::string_view word;
  while (NextWord(line, word)) {
    const auto cpu = word.starts_with("CPU") ? ParseDecimal(word.substr(3)) : std::nullopt;
    if (!cpu || *cpu > UINT32_MAX) return MalformedAt(kPath, 1, "not a CPU", word);
    out.cpus.push_back({.cpu = static_cast<std::uint32_t>(*cpu)});
  }
  if (out.cpus.empty()) return MalformedAt(kPath, 1, "no CPU in the header", line);
  return {};
}

Status ParseRow(std::string_view counts, std::size_t number, std::string_view name,
                std::uint32_t Softirqs::PerCpu::*field, Softirqs& out) {
  std::string_view word;
  for (Softirqs::PerCpu& cpu : out.cpus) {
    if (!NextWord(counts, word)) return MalformedAt(kPath, number, "fewer values than CPUs", name);
    const auto value = ParseDecimal(word);
    if (!value || *value > UINT32_MAX) return MalformedAt(kPath, number, "not a count", word);
    cpu.*field = static_cast<std::uint32_t>(*value);
  }
  if (NextWord(counts, word)) return MalformedAt(kPath, number, "more values than CPUs", word);
  return {};
}

}  // namespace

Status ParseSoftirqs(std::string_view text, Softirqs& out) {
  out.cpus.clear();
  std::string_view line;
  if (!NextLine(text, line)) return MalformedAt(kPath, 1, "empty", "");
  if (Status header = ParseHeader(line, out); !header) return header;
  int found = 0;
  for (std::size_t number = 2; NextLine(text, line); ++number) {
    std::string_view name;
    NextWord(line, name);
    if (name != "NET_TX:" && name != "NET_RX:") continue;
    const auto field = name == "NET_TX:" ? &Softirqs::PerCpu::net_tx : &Softirqs::PerCpu::net_rx;
    if (Status row = ParseRow(line, number, name, field, out); !row) return row;
    ++found;
  }
  if (found != 2) return MalformedAt(kPath, 0, "no NET_TX or no NET_RX row", "");
  return {};
}

}  // namespace netstack::softnet
