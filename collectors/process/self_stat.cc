#include "collectors/process/self_stat.h"

#include "kernel/text.h"

namespace netstack::process {
namespace {

constexpr std::string_view kPath = "/proc/self/stat";

struct Field {
  std::size_t number;  // As in proc(5), from 1.
  std::uint64_t SelfStat::*member;
};

constexpr Field kFields[] = {
    {14, &SelfStat::user_ticks},  {15, &SelfStat::system_ticks},  {20, &SelfStat::threads},
    {22, &SelfStat::start_ticks}, {23, &SelfStat::virtual_bytes}, {24, &SelfStat::resident_pages},
};
constexpr std::size_t kStateField = 3;  // The first after the name.

}  // namespace

Status ParseSelfStat(std::string_view text, SelfStat& out) {
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return MalformedAt(kPath, 1, "no name", text);
  // The name is the process's own choice and may hold a newline too; the numbers may not.
  std::string_view rest = Trimmed(text.substr(name_end + 1));
  std::string_view word;
  std::size_t number = kStateField - 1;
  for (const Field& field : kFields) {
    for (; number < field.number; ++number) {
      if (!NextWord(rest, word)) {
        return MalformedAt(kPath, 1, "fewer than 24 fields", std::to_string(number));
      }
    }
    const auto value = ParseDecimal(word);
    if (!value) {
      return MalformedAt(kPath, 1, "field " + std::to_string(number) + " is not a count", word);
    }
    out.*field.member = *value;
  }
  return {};
}

}  // namespace netstack::process
