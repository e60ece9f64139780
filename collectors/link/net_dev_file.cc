#include "collectors/link/net_dev_file.h"

#include <optional>

#include "kernel/text.h"

namespace netstack::link {
namespace {

constexpr int kHeaderLines = 2;

}  // namespace

Status ParseNetDev(std::string_view text, std::string_view path, std::vector<NetDevLine>& out) {
  out.clear();
  std::string_view line;
  for (std::size_t number = 1; NextLine(text, line); ++number) {
    if (number <= kHeaderLines) continue;
    // A name has no colon; the first number may stand right behind it.
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return MalformedAt(path, number, "no device", line);
    NetDevLine& device = out.emplace_back();
    device.name = Trimmed(line.substr(0, colon));
    std::string_view rest = line.substr(colon + 1);
    for (std::uint64_t& column : device.columns) {
      std::string_view word;
      NextWord(rest, word);
      const std::optional<std::uint64_t> value = ParseDecimal(word);
      if (!value) {
        out.pop_back();
        return MalformedAt(path, number, "not a number", word);
      }
      column = *value;
    }
  }
  return {};
}

}  // namespace netstack::link
