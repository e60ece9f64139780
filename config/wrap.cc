#include "config/wrap.h"

#include <algorithm>

namespace netstack {

void AppendWrapped(std::string& out, std::string_view prefix, std::string_view text) {
  constexpr std::size_t kWidth = 100;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (!line.empty() && prefix.size() + line.size() + 1 + end > kWidth) {
      out.append(prefix).append(line).append("\n");
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line.append(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!line.empty()) out.append(prefix).append(line).append("\n");
}

}  // namespace netstack
