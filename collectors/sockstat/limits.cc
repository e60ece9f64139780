#include "collectors/sockstat/limits.h"

#include "kernel/text.h"

namespace netstack::sockstat {
namespace {

Status TakeNumber(std::string_view& line, std::string_view path, std::uint64_t& out) {
  std::string_view word;
  NextWord(line, word);
  const auto value = ParseDecimal(word);
  if (!value) return MalformedAt(path, 1, "not a count", word);
  out = *value;
  return {};
}

Status ExpectEnd(std::string_view line, std::string_view path) {
  std::string_view word;
  if (NextWord(line, word)) return MalformedAt(path, 1, "more numbers than expected", word);
  return {};
}

}  // namespace

Status ParseMemoryLimits(std::string_view text, std::string_view path, MemoryLimits& out) {
  std::string_view line = Trimmed(text);
  for (std::uint64_t* const value : {&out.min, &out.pressure, &out.max}) {
    if (Status taken = TakeNumber(line, path, *value); !taken) return taken;
  }
  return ExpectEnd(line, path);
}

Status ParseLimit(std::string_view text, std::string_view path, std::uint64_t& out) {
  std::string_view line = Trimmed(text);
  if (Status taken = TakeNumber(line, path, out); !taken) return taken;
  return ExpectEnd(line, path);
}

}  // namespace netstack::sockstat
