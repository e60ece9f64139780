#include "exporter/reference/markdown.h"

namespace netstack::markdown {

std::string Join(std::initializer_list<std::string_view> pieces) {
  std::string text;
  for (const std::string_view piece : pieces) text += piece;
  return text;
}

std::string Plain(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c == '<') {
      plain += "&lt;";
    } else if (c == '\n') {
      plain += ' ';
    } else {
      if (c == '*' || c == '|' || c == '`' || c == '\\' || c == '[') plain += '\\';
      plain += c;
    }
  }
  return plain;
}

}  // namespace netstack::markdown
