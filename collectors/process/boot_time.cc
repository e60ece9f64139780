#include "collectors/process/boot_time.h"

#include "kernel/text.h"

namespace netstack::process {
namespace {

constexpr std::string_view kPath = "/proc/stat";
constexpr std::string_view kRow = "btime ";

}  // namespace

Result<std::uint64_t> ParseBootTime(std::string_view proc_stat) {
  std::string_view line;
  for (std::size_t number = 1; NextLine(proc_stat, line); ++number) {
    if (!line.starts_with(kRow)) continue;
    const std::string_view word = Trimmed(line.substr(kRow.size()));
    const auto value = ParseDecimal(word);
    if (!value) return MalformedAt(kPath, number, "not a time", word);
    return *value;
  }
  return MalformedAt(kPath, 0, "no row btime", "");
}

}  // namespace netstack::process
