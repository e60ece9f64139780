#include "collectors/process/limits.h"

#include "kernel/text.h"

namespace netstack::process {
namespace {

constexpr std::string_view kPath = "/proc/self/limits";

struct Row {
  std::string_view name;
  std::optional<std::uint64_t> Limits::*member;
};

constexpr Row kRows[] = {
    {"Max open files ", &Limits::open_files},
    {"Max address space ", &Limits::address_space_bytes},
};

}  // namespace

Status ParseLimits(std::string_view text, Limits& out) {
  out = {};
  std::size_t found = 0;
  std::string_view line;
  for (std::size_t number = 1; NextLine(text, line); ++number) {
    for (const Row& row : kRows) {
      if (!line.starts_with(row.name)) continue;
      std::string_view rest = line.substr(row.name.size());
      std::string_view soft;
      NextWord(rest, soft);
      const auto value = ParseDecimal(soft);
      if (!value && soft != "unlimited") return MalformedAt(kPath, number, "not a limit", soft);
      out.*row.member = value;
      ++found;
    }
  }
  if (found != std::size(kRows)) return MalformedAt(kPath, 0, "not every limit is there", "");
  return {};
}

}  // namespace netstack::process
