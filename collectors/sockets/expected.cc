#include "collectors/sockets/expected.h"

#include "kernel/text.h"

namespace netstack::sockets {
namespace {

// The number after `name` in the line that begins with `heading`.
std::uint64_t NumberOf(std::string_view text, std::string_view heading, std::string_view name) {
  std::string_view line;
  std::string_view word;
  while (NextLine(text, line)) {
    if (!NextWord(line, word) || word != heading) continue;
    std::string_view value;
    while (NextWord(line, word) && NextWord(line, value)) {
      if (word == name) return ParseDecimal(value).value_or(0);
    }
  }
  return 0;
}

}  // namespace

std::uint64_t ExpectedSockets(std::string_view sockstat, std::string_view sockstat6) {
  return NumberOf(sockstat, "TCP:", "inuse") + NumberOf(sockstat, "TCP:", "tw") +
         NumberOf(sockstat6, "TCP6:", "inuse");
}

}  // namespace netstack::sockets
